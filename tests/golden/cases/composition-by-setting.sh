metapool composition datasets/nrm2024/causes.csv --where "grouping = 'setting' and cause <> 'infection other than COVID-19'" --category cause --count deaths --by level
