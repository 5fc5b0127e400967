# JSON with three of its rows, one of them without an answer: trial C has no counts.
cat > mixed.csv <<'END'
study,a,b,c,d,yi,vi
A,4,119,11,128,,
B,6,300,29,274,,
C,,,,,-0.9,0.2
D,17,1699,65,1600,,
END
metapool compare mixed.csv --study study --measure OR --cell-a a --cell-b b --cell-c c --cell-d d --yi yi --vi vi -f json > all.json
$PYTHON -c '
import json
r = json.load(open("all.json"))
r["rows"] = [r["rows"][i] for i in (2, 15, 125)]
print(json.dumps(r, indent=1))'
