# Two modes: by ML the interval is in two parts; the values are those of mpmath in test_intervals.c.
printf 'y,v\n0.03,0.0016\n-1.51,0.421\n0.38,0.9147\n0.34,3.6534\n0.1,0.0236\n-1.61,0.3829\n' > two-modes.csv
profile() { metapool plot profile two-modes.csv --yi y --vi v --quiet "$@" || echo "exit status $?"; }
profile --tau2 ML --level 87 --format csv | grep -v point
profile --tau2 ML --level 87 --format json | grep -A2 interval
profile --tau2 ML --level 87 | sed -n '/<desc/p'
profile --tau2-range 1,0.5
profile --tau2-range 0
profile --tau2-range=-1,2
profile --width 10
profile --where "y > 0.35"
printf 'x,n\n0,10\n0,20\n' | metapool plot profile - --measure PLO --events x --n n --quiet --format csv || echo "exit status $?"
