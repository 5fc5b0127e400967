# Berkey et al. (1995): latitude and year. A range, a list, deleted residuals.
metapool regress "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --study trial --mods "ablat + year" --ci wald --at "ablat=13:55:21" --at "ablat=33.46, year=1950|1970" \
  --contrast "10 * ablat" --diagnostics
