metapool pool datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --nodes 7 --format csv --output out.csv; head -c 11 out.csv; ls
