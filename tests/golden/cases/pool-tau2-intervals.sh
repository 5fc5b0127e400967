cp "$DATA/bcg.csv" .
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
