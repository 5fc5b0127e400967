cat > trials.csv <<'END'
y,v,w,g
0.1,0.04,3,a
0.3,0.02,-5,a
0.6,0.05,1,b
0.4,0.05,0,b
END
try() { metapool pool "$@" > out.txt || echo "exit $?, $(wc -c < out.txt) bytes"; }
try trials.csv --yi y --vi v --ci kr --tau2 DL
try trials.csv --yi y --vi v --predict kr-pr --tau2 PM
try trials.csv --yi y --vi v --ci pl --tau2 0.1
try trials.csv --yi y --vi v --ci hc --by g --tau2-scope common
try trials.csv --yi y --vi v --predict nnf --by g --tau2-scope common
try trials.csv --yi y --vi v --weights w
try trials.csv --yi y --vi v --weights 'w * 0'
try trials.csv --yi y --vi v --weights 'abs(w)' --tau2 GENQ
try trials.csv --yi y --vi v --weights 'abs(w)' --by g --where "g = 'a' or w < 1"
try trials.csv --yi y --vi v --weights 'abs(w)' --ci hc
try trials.csv --yi y --vi v --weights 'abs(w)' --predict nnf
try trials.csv --yi y --vi v --draws 500
try trials.csv --yi y --vi v --seed 3 --predict hk
try trials.csv --yi y --vi v --predict nnf --draws 5
for ci in hksj-wide kr pl hc; do
  try datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --method glmm --ci $ci
done
for predict in kr kr-pr nnf; do
  try datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --method glmm --predict $predict
done
try datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --method glmm --weights patients
