metapool help bias
