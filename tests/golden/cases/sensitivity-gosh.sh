# All subsets, with their fits in a file that lists each by its studies.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --tau2 DL --gosh-output fits.csv | sed -n '/^All sub/,$p'
wc -l < fits.csv
sed -n '1,4p; 8192p' fits.csv | cut -d , -f 7-
env -u LD_PRELOAD LC_ALL=C awk -F, 'NR > 1 && $7 > 1 && substr($8, 8, 1) == 0 { n++; sum += $4 } END { printf "%d subsets without TPT Madras, mean I^2 %.1f\n", n, sum / n }' fits.csv
