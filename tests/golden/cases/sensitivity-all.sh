# Pairs, the trials as they gather by year (two of 1973 enter together), and the plots.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --tau2 DL --ci wald --digits 3 \
  --leave-two-out --cumulative "substr(trial, -4)" --baujat --radial
