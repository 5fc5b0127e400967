cat > bcg.csv <<'END'
tpos,tneg,cpos,cneg
4,119,11,128
6,300,29,274
3,228,11,209
62,13536,248,12619
33,5036,47,5761
180,1361,372,1079
8,2537,10,619
505,87886,499,87892
29,7470,45,7232
17,1699,65,1600
186,50448,141,27197
5,2493,3,2338
27,16886,29,17825
END
bcg='--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg'
# Every interval of the mean: what it is made of, the estimate, its test, the notes.
for ci in wald t hksj hksj-adhoc hksj-wide kr pl hc; do
  echo "== --ci $ci"
  metapool pool bcg.csv $bcg --ci $ci > out.txt
  sed -n '/^Random effects  inverse/,/^Common effect  *inverse/{/^Common/!p}' out.txt
  sed -n '/^Random effects  *risk/,/^Prediction/{/^Prediction/!p}' out.txt
  sed -n '/^Test, random/,/^Heterogeneity/{/^Heterogeneity/!p}; /^Notes/,$p' out.txt
done
