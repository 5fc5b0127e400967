# A report is searched as the pooling that it is of, on any number of threads
cp "$DATA/bcg.csv" .
cat > page.yaml <<'END'
title: BCG vaccine
data:
  trials: {file: bcg.csv}
analyses:
  page:
    command: report
    options: {measure: RR, cell-a: tpos, cell-b: tneg, cell-c: cpos, cell-d: cneg, study: trial, ci: wald}
claims:
  - {id: DerSimonian-Laird, analysis: page, quantity: overall.heterogeneity.tau2, printed: "0.3088"}
END
sed 's/command: report/command: pool/' page.yaml > pool.yaml
for file in page pool; do
    metapool verify $file.yaml --search --threads 2 --format json > $file.json || $PYTHON -c '
import json, sys
for claim in json.load(open(sys.argv[1]))["claims"]:
    print(claim["id"], claim["verdict"], claim["searched"], claim["reproduced_by"])' $file.json
done
