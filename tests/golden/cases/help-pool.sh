metapool help pool
