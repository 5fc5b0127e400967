metapool plot funnel "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --contours 99,90,95 --trim-fill L0 --egger-line --format json
