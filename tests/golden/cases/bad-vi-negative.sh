printf 'y,v\n1,1\n2,-1\n' | metapool pool - --yi y --vi v
