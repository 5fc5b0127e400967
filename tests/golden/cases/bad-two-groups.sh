printf 's,x1,n1,x2,n2\nA,3,10,14,12\nB,-1,10,1,12\nC,1,10,1.5,12\n' > t.csv
for command in '--measure OR --events1 x1 --n1 n1 --events2 x2 --n2 n2' \
  '--measure OR --events1 x1 --n1 n1 --events2 x2' \
  '--measure MPOR --cell-a x1 --cell-b n1 --cell-c x2' \
  '--measure PLO --events n1 --n n2 --add tacc' \
  '--measure PETO --events1 x1 --n1 n1 --events2 x2 --n2 n2 --vtype AV'; do
  status=0
  metapool effects t.csv $command || status=$?
  echo "exit $status"
done
