cat > trials.csv <<'END'
trial,y,v,quality,group
A,0.10,0.04,3,early
B,0.30,0.02,5,early
C,0.35,0.05,,early
D,0.60,0.01,0,late
E,0.45,0.03,4,late
END
metapool pool trials.csv --yi y --vi v --study trial --weights quality --by group --tau2 DL --ci t
echo "== GENQ takes them for tau2 too, and needs them above 0"
metapool pool trials.csv --yi y --vi v --study trial --weights 'quality + 1' --tau2 GENQ --format json --quiet > out.json
$PYTHON - <<'END'
import json
run = json.load(open("out.json"))
print(run["options"]["weights"], [e["reason"] for e in run["data"]["excluded"]])
print([round(s["weight_random"], 10) for s in run["studies"]], run["overall"]["heterogeneity"]["tau2"] > 0)
END
