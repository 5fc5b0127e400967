cp "$DATA/bcg.csv" .
bcg='--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial'
# Trials of one decade as clusters; a trial without a decade goes to the ledger.
decade="CASE WHEN trial = 'TPT Madras 1980' THEN NULL ELSE substr(trial, -4, 3) END"
for type in cr0 cr1 cr2; do
  echo "== --robust $type"
  metapool pool bcg.csv $bcg --cluster "$decade" --robust $type > out.txt 2> /dev/null
  sed -n '/^Random effects  *inverse/,/^$/p' out.txt
  sed -n '/^Pooled/,/^Heterogeneity/{/^Heterogeneity/!p}; /^Notes/,$p' out.txt
  sed -n '/^Excluded/,/^$/p' out.txt
done
echo "== subgroups"
metapool pool bcg.csv $bcg --by alloc --cluster "length(trial) % 6" > out.txt 2> /dev/null
sed -n '/^Subgroups, random/,/^$/p; /^Tests between/,/^$/p' out.txt
