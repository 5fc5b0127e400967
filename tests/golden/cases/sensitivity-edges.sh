# One study, two studies, rows without a place in the order.
printf 'study,y,v,year\nA,0.3,0.02,1990\nB,0.2,0.03,\nC,0.9,0.02,1985\nD,0.1,0.01,1990\n' > few.csv
sensitivity() { metapool sensitivity few.csv --yi y --vi v --study study --null 0 "$@" || echo "exit status $?"; }
sensitivity --where "study = 'A'"
sensitivity --where "study IN ('A', 'C')" --all | sed -n '/^Leave-one/,$p'
sensitivity --cumulative year
printf 'study,y,v,day\nA,0.3,0.02,2001-11-02\nB,0.2,0.03,1999-12-31\nC,0.9,0.02,2001-02-11\n' > few.csv
sensitivity --cumulative day --format csv --quiet | cut -d , -f 1-3
