cat > table.csv <<'END'
study,x1,n1,x2,n2
A,0,10,0,30
B,3,10,0,30
C,4,40,5,40
D,10,10,30,30
END
for measure in OR RD; do
  metapool effects table.csv --measure $measure --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study study -q
done
metapool effects table.csv --measure OR --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study study --keep00 --add tacc -q
metapool effects table.csv --measure OR --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study study --format json -q |
  "$PYTHON" -c 'import json, sys; d = json.load(sys.stdin); print(d["options"]["keep00"], d["options"]["add"], d["data"]["excluded"])'
