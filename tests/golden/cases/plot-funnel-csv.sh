metapool plot funnel datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --where "entity = 'MM'" --y-axis sqrtni --format csv
