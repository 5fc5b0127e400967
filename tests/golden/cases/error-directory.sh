metapool pool datasets --yi y --vi v
