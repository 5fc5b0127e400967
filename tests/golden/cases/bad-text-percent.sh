printf 'y,v\n5%%,1\n3,1\n' | metapool pool - --yi y --vi v
