cp "$DATA/bcg.csv" .
sensitivity() { metapool sensitivity bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos \
  --cell-d cneg "$@" || echo "exit status $?"; }
sensitivity --cumulative yaer
sensitivity --cumulative ""
sensitivity --weights 1 --influence
sensitivity --nested trial --baujat
sensitivity --ref a=b
sensitivity --no-intercept
sensitivity --seed 3
sensitivity --mods tpos --radial
sensitivity --mods tpos --by trial
sensitivity --mods tpos --method glmm
sensitivity --mods tpos --weights 1
sensitivity --tau2-scope common
