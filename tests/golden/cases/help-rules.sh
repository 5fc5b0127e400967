metapool help rules
