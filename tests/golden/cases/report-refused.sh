try() { metapool report "$DATA/bcg.csv" --events1 tpos --n1 "tpos + tneg" --events2 cpos --n2 "cpos + cneg" "$@" > page.html || echo "status $?"; }
try --measure OR --baseline-risk 1.5
try --measure OR --baseline-risk 0.1,x
try --measure PHI --baseline-risk 0.1
try --measure OR --format pdf
try --measure OR --trim-fill L0
try --measure OR --where "tpos < 0"
