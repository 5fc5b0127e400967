# Every analysis as a row.
cp "$DATA/bcg.csv" .
OR="--measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --null 0.72"
metapool compare bcg.csv $OR -f csv > rows.csv
head -1 rows.csv
cut -d, -f1-7,22-23 rows.csv | sed -n '2,9p; 114,136p'
