cp "$DATA/bcg.csv" .
bcg='--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg'
try() { metapool pool bcg.csv $bcg "$@" > /dev/null || echo "exit $?"; }
try --robust cr1
try --ci robust
try --cluster trial --ci hksj
try --cluster trial --method mh
try --cluster trial --robust cr3
try --cluster nothing
