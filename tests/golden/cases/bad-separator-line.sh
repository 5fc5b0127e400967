printf 'sep=;\ny;v\n1;2\n' | metapool pool - --yi y --vi v
