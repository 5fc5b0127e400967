printf 'y,v\n1,1\n1e300,1\n' | metapool pool - --yi 'y * y' --vi v
