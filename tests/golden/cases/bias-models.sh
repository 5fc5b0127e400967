# Selection models, LFK index, p-curve and p-uniform*.
cp "$DATA/bcg.csv" .
bias() { metapool bias bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial "$@"; }
bias --selection step --steps 0.025,0.5 --selection-weights moderate-one,severe-two --lfk --p-curve --p-uniform | sed -n '/^The mean/,$p'
bias --copas | sed -n '/^The mean/,$p'
bias --copas --side left --null 0.5 --format csv -q
for model in beta halfnormal negexp logistic power; do bias --selection $model | sed -n '/^Selection/,$p'; done
bias --selection step --alternative two.sided --tau2 EE | sed -n '/^Selection/,$p'
bias --selection-weights 1,0.5 --selection-weights 0.2 --steps "0.025, 0.5" --null 0.9 | sed -n '/^The mean/,$p'
bias --selection step --p-curve --p-uniform --lfk --format csv -q
