metapool pool datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --method betabinomial --by entity --quiet
