printf 's,y,v\n"A" b,1,2\n' | metapool pool - --yi y --vi v
