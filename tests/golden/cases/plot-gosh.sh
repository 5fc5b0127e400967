# The three pairs and the triple; Q by hand: (y1 - y2)^2 / (v1 + v2) = 0.5, 2, 0.5 for the pairs, 2 for all.
printf 's,y,v\na,0,1\nb,1,1\nc,2,1\n' > three.csv
try() { metapool plot gosh "$@" --quiet || echo "exit status $?"; }
three="three.csv --yi y --vi v --study s"
try $three --y-axis Q --tau2 EE --highlight b --format csv
try $three --y-axis Q --tau2 EE --highlight b --format json | tail -16
try $three --highlight d
try three.csv --yi y --vi v --study "'one'" --highlight one
try $three --subsets 0
try $three --y-axis H2
try $three --where "y = 1"
try $three --mods y
metapool plot forest $three --subsets 5 || echo "exit status $?"
