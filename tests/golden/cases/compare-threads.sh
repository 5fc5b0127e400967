# The same bytes on any number of threads, and in any order of the studies.
cp "$DATA/bcg.csv" .
OR="--measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial -f csv"
metapool compare bcg.csv $OR > one.csv
metapool compare bcg.csv $OR --threads 4 > four.csv
(head -1 bcg.csv; tail -n +2 bcg.csv | sort -r) > sorted.csv
metapool compare sorted.csv $OR > sorted-rows.csv
cmp one.csv four.csv && cut -d, -f1-7,22-23 one.csv > a && cut -d, -f1-7,22-23 sorted-rows.csv | cmp a - && echo same
