cp "$DATA/bcg.csv" .
try() { metapool lint bcg.csv "$@" > out || echo "status $?"; }
try --only thousand-separator
try --ignore L999
try --fail-on sometimes
try --events tpos
try --measure PLO --events tpos --n absent
try --where "absent > 1"
try --format svg
metapool lint absent.csv || echo "status $?"
metapool help L999 || echo "status $?"
