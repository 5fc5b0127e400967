# Figures as published, given without their method: the choices that give them are found.
for study in azithromycin comorbidity magnesium magnesium-2007 p6-nausea passive-smoking; do
    metapool verify "datasets/$study/as-printed.yaml" --search > out.txt && echo "$study holds"
    sed -n '1p; 4p; /^1\. /,/^2\. /p' out.txt
done
# One claim by one choice, one that no choice gives; the rest is left alone.
cp "$DATA/bcg.csv" .
cat > bcg.yaml <<'END'
title: BCG vaccine
data:
  trials: {file: bcg.csv}
analyses:
  random:
    command: pool
    options: {measure: RR, cell-a: tpos, cell-b: tneg, cell-c: cpos, cell-d: cneg, study: trial, ci: wald}
  counts: {command: composition, options: {category: alloc, count: tpos}}
claims:
  - {id: DerSimonian-Laird, analysis: random, quantity: overall.heterogeneity.tau2, printed: "0.3088"}
  - {id: nothing gives it, analysis: counts, quantity: total, printed: "17"}
  - {id: holds, analysis: random, quantity: overall.heterogeneity.Q, printed: "152.233"}
END
metapool verify bcg.yaml --search --format json > out.json || $PYTHON -c '
import json
for claim in json.load(open("out.json"))["claims"]:
    print(claim["id"], claim["verdict"], claim["searched"], claim["reproduced_by"])'
# On any number of threads it finds the same.
for threads in 1 3; do
    metapool verify datasets/comorbidity/as-printed.yaml bcg.yaml --search --threads $threads -f json > $threads.json || test $? = 1
done
cmp 1.json 3.json && grep -c '"ways"' 3.json
