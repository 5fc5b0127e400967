# Two of the eight published Egger tests: -2.98, df 50, p 0.0045 and 0.41, df 3, p 0.7123.
studies="datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study"
metapool bias $studies
echo
metapool bias $studies --where "entity = 'MCL'" | sed -n '/^Tests/,$p'
