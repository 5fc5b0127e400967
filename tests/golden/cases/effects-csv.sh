metapool effects datasets/nrm2024/studies.csv --measure PAS --events deaths --n patients --study study --where "entity = 'IL'" --format csv
