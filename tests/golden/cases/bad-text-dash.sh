printf 'study,y,v\nA,\xe2\x80\x935,1\nB,--5,1\nC,1\xe2\x80\x932,1\n' | metapool pool - --yi y --vi v
