metapool plot composition datasets/nrm2024/causes.csv --category cause --count deaths --by level --where "grouping = 'setting' and cause <> 'infection other than COVID-19'" --quiet --format csv
