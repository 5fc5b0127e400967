# A regression: its coefficients without each trial.
metapool sensitivity "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --study trial --mods ablat --all --format json
