metapool pool nothing.csv --yi y --vi v
