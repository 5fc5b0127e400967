cat > bcg.csv <<'END'
tpos,tneg,cpos,cneg
4,119,11,128
6,300,29,274
3,228,11,209
62,13536,248,12619
33,5036,47,5761
180,1361,372,1079
8,2537,10,619
505,87886,499,87892
29,7470,45,7232
17,1699,65,1600
186,50448,141,27197
5,2493,3,2338
27,16886,29,17825
END
for ci in qp j bj pl wald; do
  metapool pool bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --method inverse \
    --tau2-ci $ci --format json --quiet > pool.json
  $PYTHON - <<'END'
import json
run = json.load(open("pool.json"))
h = run["overall"]["heterogeneity"]
text = lambda pair: f"[{pair[0]:.10f}, {pair[1]:.10f}]"
print(run["options"]["tau2-ci"], text(h["tau2_ci"]), "I2", text(h["I2_ci"]))
for i in h["intervals"]:
    print("  ", i["method"], i["status"], text(i["tau2"]), [text(s) for s in i["segments"]])
END
done
