try() { metapool pool datasets/nrm2024/studies.csv --events deaths --n patients --method betabinomial "$@" > out.txt || echo "exit $?, $(wc -c < out.txt) bytes"; }
try --measure PR
try --measure PLO --tau2 REML
try --measure PLO --tau2-ci pl
try --measure PLO --tau2-scope common --by entity
try --measure PLO --ci hksj
try --measure PLO --predict hts
try --measure PLO --nodes 7
try --measure PLO --weights patients
printf 'x,n\n2,4\n2.5,7\n' > half.csv
metapool pool half.csv --measure PLO --events x --n n --method betabinomial --allow-fractional || echo "exit $?"
