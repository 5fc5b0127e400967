metapool composition datasets/nrm2024/causes.csv --where "grouping = 'entity'" --category cause --count deaths --by level --format json
