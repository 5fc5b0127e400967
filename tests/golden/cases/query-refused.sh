printf 'study,patients,cause,age\nA,40,infection,61\nB,30,infection,\nA,40,malignancy,70\nC,25,,44\nB,30,CRS,52\nA,40,infection,50\n' > deaths.csv
while read -r query; do
  echo "$query"
  metapool effects deaths.csv --measure PLO --events k --n patients --query "$query" 2>&1 || echo "exit status $?"
done <<'QUERIES'
SELECT patients, count(*) AS k FROM data GROUP BY stuy
SELECT study, patients, age, count(*) AS k FROM data GROUP BY study
SELECT study, patients, count(*) AS k FROM data
SELECT patients, sum(cause) AS k FROM data GROUP BY study
SELECT patients, count(*) AS k FROM data WHERE cause = 1 GROUP BY study
SELECT patients, count(*) AS k FROM data WHERE cause = "infection" GROUP BY study
SELECT patients, count(*) AS k FROM data WHERE age > 100 GROUP BY study
SELECT patients, count(*) FROM data GROUP BY study
SELECT patients, count(*) k FROM data GROUP BY study
SELECT patients, count(*) AS k, 2 AS k FROM data GROUP BY study
SELECT patients, count(*) AS k FROM data WHERE count(*) > 1 GROUP BY study
SELECT patients, count(*) AS k FROM data GROUP BY 1
SELECT patients, sum(count(*)) AS k FROM data GROUP BY study
SELECT max(patients) AS patients, count(*) AS k FROM data GROUP BY study ORDER BY patients
SELECT patients, count(*) OVER () AS k FROM data
SELECT patients, (SELECT count(*) FROM data) AS k FROM data
SELECT patients, 1 AS k FROM (SELECT * FROM data)
SELECT patients, 1 AS k FROM data, data
SELECT patients, 1 AS k FROM sqlite_schema
SELECT patients, 1 AS k FROM data UNION SELECT 1, 2
SELECT patients, 1 AS k FROM data; DROP TABLE data
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS k FROM c
INSERT INTO data VALUES (1)
ATTACH 'x.db' AS x
PRAGMA user_version
SELECT patients, random() AS k FROM data
SELECT patients, date('now') AS k FROM data
SELECT patients, zeroblob(1000000000) AS k FROM data
SELECT patients, log(age) AS k FROM data
QUERIES
ls
