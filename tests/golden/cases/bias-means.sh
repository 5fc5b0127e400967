# What small-study effects leave of the mean.
cp "$DATA/bcg.csv" .
bias() { metapool bias bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial "$@"; }
bias --pet-peese --trim-fill L0 --side right --failsafe rosenthal,orwin,rosenberg,general --excess | sed -n '/^The mean/,$p'
bias --trim-fill R0 --side left --tau2 EE | sed -n '/^The mean/,$p'
bias --trim-fill Q0 --null 0.5 --pet-peese --egger-model mixed | sed -n '/^The mean/,$p'
bias --failsafe general,orwin --target 0.9 --failsafe-exact | sed -n '/^Fail/,$p'
bias --failsafe rosenthal,rosenberg --null 0.49 | sed -n '/^Fail/,$p'
bias --failsafe rosenthal,orwin --excess --pet-peese --trim-fill L0 --format csv -q
