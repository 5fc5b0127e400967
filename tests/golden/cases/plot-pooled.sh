# One model or both, in any layout, and the dashed line on demand.
forest() {
  metapool plot forest "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --quiet "$@" > out.svg
  echo "== $*"
  grep -o 'class="diamond[a-z-]*"\|class="pooled-line"' out.svg | sort | uniq -c | sed 's/^ *//'
  grep -o 'class="\(label\|note\|header\)"[^>]*>[^<]*\(effect\|IV\|Total\)[^<]*' out.svg | sed 's/.*>//'
  grep -o 'proportional to[^.]*' out.svg
}
for pooled in layout both common random; do
  forest --pooled $pooled
  forest --pooled $pooled --layout revman5
done
forest --pooled-line hide
forest --pooled-line show --layout revman5
forest --pooled common --by alloc
