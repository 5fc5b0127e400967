metapool pool datasets/nrm2024/studies.csv --events deaths --n patients
