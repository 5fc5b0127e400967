metapool help regress
