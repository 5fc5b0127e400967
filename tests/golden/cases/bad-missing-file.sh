metapool pool studies.csv --yi y --vi v
