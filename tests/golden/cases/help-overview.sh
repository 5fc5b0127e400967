metapool help
