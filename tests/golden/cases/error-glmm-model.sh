cp "$DATA/bcg.csv" .
try() { metapool pool bcg.csv --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg "$@" > out.txt || echo "exit $?, $(wc -c < out.txt) bytes"; }
try --measure RR --method glmm
try --measure OR --model um.rs
try --measure OR --method mh --model um.fs
try --measure OR --method glmm --model um
try --measure OR --method glmm --tau2-scope common --by alloc
try --measure OR --method glmm --ci hksj
printf 'a,t1,b,t2\n2,100,3,90\n4,80,2,70\n' > rates.csv
metapool pool rates.csv --measure IRR --events1 a --time1 t1 --events2 b --time2 t2 --method glmm --model cm.al || echo "exit $?"
printf 'x,n\n2,40\n3,50\n' > one.csv
metapool pool one.csv --measure PLO --events x --n n --model um.fs || echo "exit $?"
printf 'a,na,b,nb\n0,20,3,22\n0,30,2,31\n0,25,1,24\n' > zero.csv
metapool pool zero.csv --measure OR --events1 a --n1 na --events2 b --n2 nb --method glmm > out.txt || echo "exit $?"
sed -n '/^Pooled/,$p' out.txt
