# Odds ratios of 13 trials: every model of two groups.
cp "$DATA/bcg.csv" .
metapool compare bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial
