printf 's,y,v\nA,1,2\nM\374ller,3,4\n' | metapool pool - --yi y --vi v
