# Studies without which the conclusion changes are named, both ways, and the one that is influential.
printf 'study,y,v\nA,0.3,0.02\nB,0.2,0.03\nC,0.25,0.05\nD,1.9,0.02\nE,0.3,0.04\n' > five.csv
metapool sensitivity five.csv --yi y --vi v --study study --null 0 --ci wald --tau2 DL | sed -n '/^Leave/,$p'
printf 'study,y,v\nA,-0.1,0.01\nB,0.5,0.01\nC,0.55,0.02\nD,0.45,0.02\n' > four.csv
metapool sensitivity four.csv --yi y --vi v --study study --null 0 --leave-one-out | sed -n '/^Leave/,/^$/p'
