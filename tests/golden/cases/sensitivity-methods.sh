# Leave-one-out is by the method; influence is that of inverse variances, and a note says so.
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh --where "trial < 'F'" | sed -n '/^Leave/,$p'
metapool sensitivity datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --where "entity = 'IL'" | sed -n '/^Leave/,$p'
metapool sensitivity "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --weights "tpos + tneg" --all --where "trial < 'F'" | sed -n '/^Leave-one/,$p'
