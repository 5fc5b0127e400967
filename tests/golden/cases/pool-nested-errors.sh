cp "$DATA/schools.csv" .
try() { metapool pool schools.csv --yi yi --vi vi "$@" > /dev/null || echo "exit $?"; }
try --nested district/
try --nested district/pupil
try --nested district/district
try --nested 'district/school/a/b/c/d/e'
try --nested district/school --ci hksj
try --nested district/school --tau2 DL
try --nested district/school --tau2 0.1
try --nested district/school --tau2-ci qp
try --nested district/school --predict nnf
try --nested district/school --by year
try --nested district/school --weights 1
try --nested district/school --ci wald --df contain
try --df contain
