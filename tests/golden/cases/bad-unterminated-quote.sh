printf 's,y,v\nA,1,2\n"B,3,4\nC,5,6\n' | metapool pool - --yi y --vi v
