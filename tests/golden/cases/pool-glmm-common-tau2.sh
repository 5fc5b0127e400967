metapool pool datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --where "entity <> 'LBCL'" --by entity --tau2-scope common --nodes 7
