# Proportions: no hypothesis, then one; the mixed model is the chosen analysis.
PLO="datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study"
metapool compare $PLO --where "entity = 'MM'" | sed -n '1,/^By model/p'
metapool compare $PLO --where "entity = 'MM'" --null 0.1 | sed -n '4,/^$/p; /^By 95% pre/,/^$/p'
# No events at all: the likelihoods have no estimate, the corrected effects have.
printf 'x,n\n0,10\n0,25\n0,8\n' > none.csv
metapool compare none.csv --measure PLO --events x --n n --null 0.2 | sed -n '4,/^$/p; /^Chosen/,/^Smallest/p; /^Analyses without/,/^$/p'
