# Everything that applies to a ratio.
metapool bias "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --all --format json
