printf 'study,patients,cause,age\nA,40,infection,61\nB,30,infection,\nA,40,malignancy,70\nC,25,,44\nB,30,CRS,52\nA,40,infection,50\n' > deaths.csv
metapool pool deaths.csv --measure PLO --events deaths --n patients --study study --where "study <> 'B'" --format json --quiet \
  --query "SELECT study, nullif(count(*), 1) AS deaths, max(patients) AS patients FROM data GROUP BY study ORDER BY study DESC" |
  python3 -c 'import json, sys
found = json.load(sys.stdin)
print(json.dumps(found["options"]["query"]))
print(json.dumps(found["data"], indent=1))
print([(s["row"], s["study"]) for s in found["studies"]])'
