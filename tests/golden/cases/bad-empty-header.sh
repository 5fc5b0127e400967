printf 'y,,v\n1,2,3\n' | metapool pool - --yi y --vi v
