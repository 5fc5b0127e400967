# Where a statistic does not exist, and where the words depend on the model.
printf 'y,v,x,g\n' > equal.csv
for i in 1 2 3 4 5 6; do echo "0.2,0.04,$i,$((i % 2))"; done >> equal.csv
printf 'y,v,x\n1,1,1\n2,1,2\n4,1,4\n8,1,8\n5,1,5\n0,1,0\n' > line.csv
printf 'y,v,x\n0.1,0.04,1\n0.5,0.02,2\n0.4,0.03,4\n' > three.csv
cp "$DATA/bcg-moderators.csv" bcg.csv
bcg='bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg'
part() { sed -n '/^Model/,/^$/p; /^R^2/p; /^tau^2/p; /^Perm/,/^$/p; /^Test  /,/^$/p; /^Notes/,$p'; }
for file in equal.csv line.csv; do
  metapool regress $file --yi y --vi v --mods x --permute exact | part
  metapool regress $file --yi y --vi v --mods x --permute exact --format json --quiet |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["permutation"])'
done
metapool regress equal.csv --yi y --vi v --mods x --no-intercept --permute exact --ci wald | part
metapool regress three.csv --yi y --vi v --mods x | part
metapool regress three.csv --yi y --vi v --mods 1 | sed -n '/^Tests/,/^Test of/p'
metapool regress $bcg --mods ablat --tau2 EE | part
metapool regress $bcg --mods ablat --permute exact --seed 3 | part
metapool regress $bcg --mods ablat --cluster 1 | part
printf 'x,t,a\n3,10,1\n5,9,2\n2,12,3\n8,11,4\n' > rates.csv
metapool regress rates.csv --measure IRLN --events x --time t --mods a --method glmm | part
long=$(printf 'ablat + %.0s' $(seq 100))
metapool regress $bcg --mods "$long" || echo "exit status $?"
# One study alone tells a coefficient: its robust variance is 0, not what rounding leaves.
printf 'y,v,h\n0.123,0.0217,x\n0.3,0.03,y\n0.25,0.05,y\n-0.1,0.01,y\n0.4,0.04,y\n' > alone.csv
for robust in cr0 cr1 cr2; do
    metapool regress alone.csv --yi y --vi v --mods h --cluster v --robust $robust |
        sed -n '/^Coeff/,/^$/p; /is 0, for/,/no test/p'
done
