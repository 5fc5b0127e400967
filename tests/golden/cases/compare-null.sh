# A null value near the limits: several choices flip. Markdown, and a floored reference.
cp "$DATA/bcg.csv" .
RR="--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --null 0.72"
metapool compare bcg.csv $RR -f markdown
metapool compare bcg.csv $RR --method mh | sed -n '/^[0-9]* of/,/^$/p; /^Chosen/,/^Smallest/p'
metapool compare bcg.csv $RR --tau2 0.1 --ci hc | sed -n '/^[0-9]* of/,/^$/p; /^inverse *\(EE\|given\)/p'
