# Two random effects by three nodes each. Four small trials.
printf 'study,x1,n1,x2,n2\nA,3,40,12,38\nB,39,61,24,60\nC,2,33,8,35\nD,21,52,12,50\n' > trials.csv
metapool explain trials.csv --study study --measure OR --method glmm --model um.rs --nodes 3 --events1 x1 --n1 n1 --events2 x2 --n2 n2 > out.txt
echo "status $?"
env -u LD_PRELOAD LC_ALL=C awk '/^3. Mixed/ { on = 1 } /^Standard error/ { exit } on' out.txt
