printf 'y,v\n1,1\ninf,1\n' | metapool pool - --yi y --vi v
