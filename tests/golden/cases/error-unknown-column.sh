metapool pool datasets/nrm2024/studies.csv --measure PLO --events death --n patients
