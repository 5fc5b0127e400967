metapool regress "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --mods "alloc * ablat" --ref alloc=systematic --contrast "alloc: random - systematic" --test "alloc:ablat" \
  --at "ablat=0|50" --permute 100 --seed 7 --diagnostics --format json
