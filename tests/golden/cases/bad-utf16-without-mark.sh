printf 'y\0,\0v\0\n\0' | metapool pool - --yi y --vi v
