# Each study by the first complete set of columns that it has.
cat > trials.csv <<'END'
trial,m1,sd1,n1,m2,sd2,n2,med1,q11,q31,min1,max1,med2,q12,q32,se2
Adams,6.1,2.2,40,7.3,2.4,42,,,,,,,,,
Brown,,,30,7.0,2.1,30,6,4.5,8,,,,,,
Chen,,,25,,,25,6,4,8.5,1,13,7,5,8,
Diaz,,,20,8.2,,20,6,,,2,16,,,,0.6
END
columns="--measure MD --mean1 m1 --sd1 sd1 --n1 n1 --mean2 m2 --sd2 sd2 --n2 n2
  --median1 med1 --q1-1 q11 --q3-1 q31 --min1 min1 --max1 max1
  --median2 med2 --q1-2 q12 --q3-2 q32 --se2 se2 --study trial"
metapool effects trials.csv $columns -q
metapool effects trials.csv $columns --format json -q |
  "$PYTHON" -c 'import json, sys; [print(e["study"], e["origin"], sep=": ") for e in json.load(sys.stdin)["effects"]]'
