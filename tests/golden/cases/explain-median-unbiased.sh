metapool explain "$DATA/bcg.csv" --measure RR --events1 tpos --n1 'tpos + tneg' --events2 cpos --n2 'cpos + cneg' --study trial --where "alloc = 'alternate'" --tau2 GENQM --tau2-ci j --ci wald
