# Everything that applies to a proportion: no value of it stands for no effect.
metapool bias datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --all --format markdown
metapool bias datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --all --null 0.05 --format csv -q
