# What is refused, and what has no answer.
printf 'y,v,n\n0.1,0.02,40\n0.4,0.03,30\n0.2,0.05,22\n' > three.csv
printf 'y,v\n0.1,0.02\n0.4,0.03\n' > two.csv
printf 'y,v\n0.1,0.04\n0.4,0.04\n0.3,0.04\n' > alike.csv
cat > means.csv <<'END'
m1,s1,n1,m2,s2,n2
5,2,20,4,2,22
6,3,30,4,2,28
5,2,40,5,3,41
END
bias() { metapool bias "$@" || echo "exit status $?"; }
means="means.csv --measure MD --mean1 m1 --sd1 s1 --n1 n1 --mean2 m2 --sd2 s2 --n2 n2"
generic() { local file=$1; shift; bias $file --yi y --vi v "$@"; }
bias $means --test egger,harbord
generic three.csv --test eggers
generic three.csv --test ,
generic three.csv --predictor ni
generic three.csv --test begg --predictor vi
generic three.csv --test begg --egger-model lm
generic three.csv --asymptotic
generic three.csv --egger-model mixed --ci pl
generic three.csv --by n
generic three.csv --method glmm
generic two.csv --format csv --test egger
generic two.csv --test egger,begg | sed -n '/^Tests/,$p'
generic alike.csv --test egger,begg | sed -n '/^Tests/,$p'
generic three.csv | sed -n '/^Tests/,$p'
metapool bias "$DATA/bcg.csv" --measure OR --yi "ln(tpos * cneg * 1.0 / (tneg * cpos))" --vi "1.0 / tpos + 1.0 / cpos" |
  sed -n '/^Tests/,$p'
metapool pool three.csv --yi y --vi v --egger-model lm || echo "exit status $?"
metapool effects three.csv --yi y --vi v --test egger || echo "exit status $?"
metapool regress three.csv --yi y --vi v --mods n --trim-fill L0 || echo "exit status $?"
metapool plot forest three.csv --yi y --vi v --excess || echo "exit status $?"
generic three.csv --side left
generic three.csv --target 0.1
generic three.csv --failsafe orwins
generic three.csv --failsafe orwin --target 0
generic three.csv --failsafe rosenthal --failsafe-exact
bias datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --excess
bias datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --failsafe orwin
bias "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --failsafe orwin --target -1
generic two.csv --all | sed -n '/^Tests/,$p'
generic three.csv --selection steps
generic three.csv --selection step --steps 0.5,0.025
generic three.csv --selection step --steps 0.025,x
generic three.csv --selection beta --steps 0.025
generic three.csv --selection-weights 1,0.5,0.2
generic three.csv --selection-weights moderate
generic three.csv --selection-weights 0,1
generic three.csv --alternative less
generic three.csv --p-uniform --alternative two.sided
generic three.csv --selection step --tau2 0.1
generic three.csv --selection step | sed -n '/^Notes/,$p'
bias datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --p-curve
generic alike.csv --copas | sed -n '/^Notes/,$p'
generic three.csv --where "y = 0.1" --selection step | sed -n '/^Selection/,/^$/p'
