printf 's,y,v\nA,1,2\nB,3\0,4\n' | metapool pool - --yi y --vi v
