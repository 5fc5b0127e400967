# Predicted effects, of the mean and of a regression; limits where --ci has none for them.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --blup | sed -n '/^Pred/,$p'
metapool sensitivity "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --study trial --mods ablat --blup --digits 3 | sed -n '/^Pred/,$p'
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --blup --ci kr --where "trial < 'F'" | sed -n '/^Pred/,$p'
metapool sensitivity datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --where "entity = 'IL'" --blup --format csv | cut -d , -f 1-3
