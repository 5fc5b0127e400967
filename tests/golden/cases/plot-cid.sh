# A band of effects that are too small to matter, between two values of the axis.
forest() {
  metapool plot forest "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --quiet "$@"
}
forest --xlim 0.1,10 --cid 0.8,1.25 > out.svg
# 0.8 and 1.25 lie as far from 1, the middle of the axis, as log10(1.25) of half its length.
grep -o '<rect class="cid".*\|<line class="axis".*' out.svg | sed 's/ stroke=.*//'
grep -o 'Shaded[^<]*' out.svg
forest --cid 20,30 --xlim 0.1,10 | grep -c 'class="cid"' || echo "beyond the axis"
forest --cid 1.25,0.8 || echo "exit status $?"
forest --cid 0,1 || echo "exit status $?"
