metapool bias "$DATA/bcg.csv" --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial \
  --test "harbord, begg" --test egger --format json
