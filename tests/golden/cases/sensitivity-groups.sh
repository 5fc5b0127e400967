# Without each subgroup (mixed models), each cluster, and each group of nested levels.
metapool sensitivity datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study --nodes 7 --leave-one-out --by entity --digits 5 | sed -n '/^Leave/,$p'
metapool sensitivity datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study \
  --where "entity = 'MM'" --cluster product --quiet | sed -n '/^Leave/,$p'
metapool sensitivity "$DATA/schools.csv" --yi yi --vi vi --nested district/school --by district --null 0 |
  sed -n '/^Leave/,$p'
