printf 'y,v\n' | metapool pool - --yi y --vi v
