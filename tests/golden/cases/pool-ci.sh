cp "$DATA/bcg.csv" .
bcg='--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg'
# Every interval of the mean: what it is made of, the estimate, its test, the notes.
for ci in wald t hksj hksj-adhoc hksj-wide kr pl hc; do
  echo "== --ci $ci"
  metapool pool bcg.csv $bcg --ci $ci > out.txt
  sed -n '/^Random effects  inverse/,/^Common effect  *inverse/{/^Common/!p}' out.txt
  sed -n '/^Random effects  *risk/,/^Prediction/{/^Prediction/!p}' out.txt
  sed -n '/^Test, random/,/^Heterogeneity/{/^Heterogeneity/!p}; /^Notes/,$p' out.txt
done
