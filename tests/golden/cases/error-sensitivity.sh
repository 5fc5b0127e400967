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
sensitivity --by alloc --influence
sensitivity --mods tpos --radial
sensitivity --mods tpos --by trial
sensitivity --mods tpos --method glmm
sensitivity --mods tpos --weights 1
sensitivity --tau2-scope common
sensitivity --subsets 7
sensitivity --gosh --subsets 0
sensitivity --mods tpos --gosh
sensitivity --nested trial --blup
sensitivity --gosh-output -
sensitivity --gosh-output none/fits.csv
sensitivity --gosh-output /dev/full
metapool sensitivity bcg.csv --measure MD --mean1 tpos --sd1 1 --n1 tneg --mean2 cpos --sd2 1 --n2 cneg --fragility || echo "exit status $?"
metapool sensitivity bcg.csv --measure PLO --events tpos --n "tpos + tneg" --fragility || echo "exit status $?"
metapool sensitivity bcg.csv --measure RR --yi tpos --vi 1 --fragility || echo "exit status $?"
