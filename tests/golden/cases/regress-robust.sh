# Trials of one decade as clusters; a weight of each study.
metapool regress "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --mods ablat --cluster "substr(trial, -4, 3)" --robust cr2 --weights "tpos + tneg + cpos + cneg" --format json --quiet
metapool regress "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --mods ablat --weights "tpos + tneg + cpos + cneg" | grep '^Model' >&2
