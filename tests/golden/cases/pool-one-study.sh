printf 'y,v\n0.25,0.0123\n' | metapool pool - --yi y --vi v
