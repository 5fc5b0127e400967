printf 'y,v\n0.2,<0.05\n0.1,0.1\n' | metapool pool - --yi y --vi v
