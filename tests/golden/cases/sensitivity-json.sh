metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --all --cumulative "substr(trial, -4)" --format json
