metapool composition datasets/nrm2024/causes.csv --where "grouping = 'all'" --category cause --count deaths
