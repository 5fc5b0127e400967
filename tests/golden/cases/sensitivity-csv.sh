# One analysis by itself; several have their name in the first column.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --influence --format csv
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --leave-one-out --tau2 EE --format csv | cut -d , -f 1-6
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --baujat --radial --cumulative "substr(trial, -4)" --format csv |
  cut -d , -f 1-5,8,24- | sed -n '1p; 9,18p; 37,40p'
metapool sensitivity "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --study trial --mods ablat --leave-one-out --format csv | head -3
