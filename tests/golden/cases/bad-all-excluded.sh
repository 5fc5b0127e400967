printf 'y,v\nNA,1\n2,\n' | metapool pool - --yi y --vi v
