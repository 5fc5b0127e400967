printf 'y,v,x,n\n1,1,3,10\n2,1,5,20\n' > t.csv
(metapool pool t.csv --yi y --vi v --tau2 DK || echo "exit $?") 2>&1
(metapool pool t.csv --yi y --vi v --tau2-ci profile || echo "exit $?") 2>&1
(metapool pool t.csv --measure PLO --events x --n n --tau2-ci pl || echo "exit $?") 2>&1
metapool pool t.csv --yi y --vi v --tau2 EE --tau2-ci wald --quiet | grep -A3 '^Heterogeneity'
metapool pool t.csv --yi y --vi v --tau2 0.5 --tau2-ci wald --quiet | grep -A1 'no Wald interval'
