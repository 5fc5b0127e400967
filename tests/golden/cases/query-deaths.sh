printf 'study,patients,cause,age\nA,40,infection,61\nB,30,infection,\nA,40,malignancy,70\nC,25,,44\nB,30,CRS,52\nA,40,infection,50\n' > deaths.csv
metapool pool deaths.csv --measure PLO --events deaths --n patients --study study --method inverse --where 'patients > 26' \
  --query "SELECT study, count(*) AS deaths, patients FROM data GROUP BY study"
