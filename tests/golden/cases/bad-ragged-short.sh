printf 'y,v\n1,2\n3\n' | metapool pool - --yi y --vi v
