# Separate tau2 of the subgroups; seven nodes; the t interval; sparse trials of one of
# which, without events, --keep00 keeps the row.
cp "$DATA/bcg.csv" .
bcg='--measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial'
metapool pool bcg.csv $bcg --method glmm --nodes 7 --ci t --by alloc > out.txt
sed -n '/^Subgroups, random/,/^$/p; /^Tests between/,/^$/p' out.txt
printf '%s\n' trial,e1,n1,e2,n2 a,0,20,3,22 b,1,35,0,33 c,2,40,7,41 d,3,60,1,55 e,1,25,5,27 \
  f,0,50,2,48 g,4,30,4,31 h,6,80,9,77 i,0,12,0,15 > sparse.csv
sparse='--measure OR --events1 e1 --n1 n1 --events2 e2 --n2 n2 --study trial --method glmm'
for model in um.fs um.rs cm.el cm.al; do
  echo "== --model $model"
  metapool pool sparse.csv $sparse --keep00 --model $model > out.txt
  sed -n '/^Random effects  *odds/,/^$/p; /^Q, Wald/,/^Test of/p; /^Notes/,$p' out.txt
done
