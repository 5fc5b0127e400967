printf 'y,v\n1,2\n3,4,5\n' | metapool pool - --yi y --vi v
