# A snapshot: written, the same, and after changes of table, options and analyses.
head -n 7 "$DATA/bcg.csv" > trials.csv
cat > study.yaml <<'END'
title: Trials
data: {trials: {file: trials.csv}}
analyses:
  ratios:
    command: pool
    options: {measure: RR, cell-a: tpos, cell-b: tneg, cell-c: cpos, cell-d: cneg, study: trial, tau2: DL}
  latitude: {extends: ratios, command: regress, options: {mods: alloc}}
  forest: {extends: ratios, command: plot, kind: forest}
  fails: {extends: ratios, options: {by: nowhere}}
END
cp study.yaml same.yaml
metapool verify study.yaml --snapshot kept.json
cp kept.json first.json
metapool verify study.yaml --snapshot kept.json -f tap
cmp kept.json first.json
sed -i.bak -e 's/,6,300,/,6,30,/' -e '/^Hart/d' trials.csv
echo '"New ""trial""",3,97,6,94,random' >> trials.csv
metapool verify study.yaml --snapshot kept.json || echo "exit status $?"
metapool verify study.yaml --snapshot kept.json -f junit || echo "exit status $?"
mv trials.csv.bak trials.csv
sed -i.bak -e 's/tau2: DL/tau2: PM/' -e 's/fails:/other:/' study.yaml
metapool verify study.yaml --snapshot kept.json > out.txt || echo "exit status $?"
sed -n '/^Snapshot/,/^Analysis forest/p' out.txt | grep -v '^  *ervals\|^studies'
grep -E '^Analysis (other|fails)' out.txt
# Written anew.
metapool verify study.yaml --snapshot kept.json --update-snapshot | tail -n 1
metapool verify study.yaml --snapshot kept.json | tail -n 1
# One that is missing is no failure, unless it has to be there.
metapool verify study.yaml --snapshot gone.json --snapshot-must-exist | tail -n 2 || echo "exit status $?"
metapool verify study.yaml --snapshot gone.json --snapshot-must-exist -f tap || echo "exit status $?"
metapool verify study.yaml --snapshot gone.json --snapshot-must-exist -f junit || echo "exit status $?"
metapool verify study.yaml --snapshot gone.json --snapshot-must-exist -f json | grep -E '"(written|missing|same)"'
ls gone.json 2> /dev/null || echo "nothing was written"
metapool verify study.yaml --snapshot kept.json --snapshot-must-exist | tail -n 1
# Several, each with its own beside it; the worst status counts.
metapool verify same.yaml study.yaml --snapshot .kept.json -f json | grep -E '^.?[][]|"written"|"file": ".*kept'
echo '{}' > study.kept.json
metapool verify gone.yaml same.yaml study.yaml --snapshot .kept.json -f tap || echo "exit status $?"
