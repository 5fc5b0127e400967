cp "$DATA/bcg.csv" .
bcg="bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial"
try() { metapool plot "$@" || echo "exit status $?"; }
try influence $bcg --format csv | head -3
try influence $bcg --mods alloc --format json | grep -A3 '"cutoffs"'
try influence $bcg --ref alloc=random
try influence $bcg --mods nowhere
try influence $bcg --mods alloc --method mh
try baujat $bcg --mods alloc
printf 'y,v\n1,1\n' | try influence - --yi y --vi v --quiet --format csv
printf 'y,v\n1,1\n' | try influence - --yi y --vi v --quiet | grep -o 'No study is.*k = 1[^.]*'
