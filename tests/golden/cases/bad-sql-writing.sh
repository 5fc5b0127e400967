printf 's,y,v\nA,1,1\nB,2,1\n' | metapool pool - --vi v --yi 'DELETE FROM data'
