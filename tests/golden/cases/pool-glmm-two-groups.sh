cp "$DATA/bcg.csv" .
bcg='--measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial'
for model in um.fs um.rs cm.el cm.al; do
  echo "== --model $model"
  metapool pool bcg.csv $bcg --method glmm --model $model > out.txt 2> /dev/null
  sed -n '/^Random effects  */,/^$/p' out.txt | sed -n '1,/^$/p'
  sed -n '/^Pooled/,$p' out.txt
done
