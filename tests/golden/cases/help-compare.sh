metapool help compare
