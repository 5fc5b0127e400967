cat > t.csv <<'END'
s,m1,s1,n1,m2,s2,n2,r
A,12,2,10,-3,2,12,0.5
B,12,0,10,10,2,12,1
C,12,2,1,10,2,12,0.5
END
two='--mean1 m1 --sd1 s1 --n1 n1 --mean2 m2 --sd2 s2 --n2 n2'
twice='--mean1 m1 --sd1 s1 --mean2 m2 --sd2 s2 --r r --n n1'
for command in "ROM $two" "MD $two" "SMD $two --where s<>'B'" "MC $twice" "SMCR --mean1 m1 --sd1 s1 --mean2 m2 --r r --n n1 --where s='B'" \
  "VRC --sd1 s2 --sd2 s2 --r r --n n2" "SMD --mean1 m1 --n1 n1 --mean2 m2 --sd2 s2 --n2 n2" \
  "MD $two --correct no" "SMD $two --correct no --vtype UB" "SMDH $two --vtype UB"; do
  status=0
  metapool effects t.csv --measure $command || status=$?
  echo "exit $status"
done
