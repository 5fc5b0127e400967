metapool pool "" --yi y --vi v
