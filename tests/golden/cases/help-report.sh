metapool help report
