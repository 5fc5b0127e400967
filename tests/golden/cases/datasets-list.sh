metapool datasets list
