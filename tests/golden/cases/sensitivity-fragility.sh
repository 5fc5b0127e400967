# Significance lost and gained, by the method of the estimate; one group with a hypothesis.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --fragility | sed -n '/^Frag/,$p'
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --fragility --method mh --where "trial < 'F'" | sed -n '/^Frag/,$p'
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --fragility --where "trial > 'S'" | sed -n '/^Frag/,$p'
metapool sensitivity datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --nodes 7 --where "entity = 'IL'" --fragility --null 0.08 | sed -n '/^Frag/,/^$/p'
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --fragility --where "trial < 'F'" --tau2 DL --ci wald --format csv | cut -d , -f 1-4
printf 'a,n,b,m\n0,20,0,22\n0,30,0,31\n0,40,0,41\n' > none.csv
metapool sensitivity none.csv --measure OR --events1 a --n1 n --events2 b --n2 m --keep00 --fragility | sed -n '/^Frag/,/^$/p'
