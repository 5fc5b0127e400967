cp "$DATA/bcg.csv" .
metapool pool bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --by alloc
metapool pool bcg.csv --measure RR --events1 tpos --n1 'tpos + tneg' --events2 cpos --n2 'cpos + cneg' --study trial --ci wald | grep -A3 '^Random effects\|^Test'
