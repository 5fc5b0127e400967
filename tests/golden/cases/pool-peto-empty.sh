# Q without a correction is sum (O - E)^2 / V - (sum (O - E))^2 / sum V = 5.522716335, as rma.peto of metafor 3.8-1 has it (estimate
# 0.368552762, exp 1.4456); rma.uni with the same effects has tau2 = 0.314551709 by DL. --keep00 keeps F, whose effect needs a correction.
cat > rare.csv <<'END'
trial,x1,n1,x2,n2
A,6,60,3,32
B,3,63,4,63
C,4,65,2,55
D,0,22,1,27
E,5,30,0,28
F,0,40,0,41
END
pool="metapool pool rare.csv --measure PETO --method peto --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study trial"
$pool --tau2 DL --format json --quiet | grep '^    "add"\|"Q"\|^ *"tau2": [0-9]'
$pool --quiet | grep '^Common effect\|^Q,\|was added'
$pool --keep00 --quiet | grep '^Common effect\|^Q,\|was added'
$pool --add 0.5 --quiet | grep '^Common effect\|^Q,\|was added'
