# Control characters, formulas, a long cell: nothing of it is alive in any format.
long=$(printf 'x%.0s' $(seq 10000))
printf 'study,n,g\n=1+2,80,a\n\033[31mred,12\tmg,<script>alert(1)</script>\n@SUM(A1),%s,"<SCRIPT>alert(1)</script>"\nD,90,\n' "$long" > hostile.csv
for format in text markdown html csv json; do
  metapool lint hostile.csv --study study --yi n --sei n --format $format > out.$format || echo "$format: status $?"
  env -u LD_PRELOAD LC_ALL=C awk '/\033/ { escapes++ } length > 3000 { long++ } END { print escapes + 0, long + 0 }' out.$format
done
grep -ci '<script>alert' out.html || cat out.text out.csv
