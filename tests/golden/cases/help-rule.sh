metapool help L602
