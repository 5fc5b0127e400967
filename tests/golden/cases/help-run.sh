metapool help run
