printf 'y,v\n1,1\n1e400,1\n' | metapool pool - --yi y --vi v
