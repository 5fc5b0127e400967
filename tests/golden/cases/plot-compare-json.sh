# JSON with three of its analyses: the chosen one, one that flips, one that does not.
metapool plot compare "$DATA/../../../docs/examples/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --format json > all.json
$PYTHON -c '
import json
r = json.load(open("all.json"))
r["source"] = None
r["specifications"] = [s for s in r["specifications"] if s["tau2"] == "REML" and s["ci"] in ("wald", "hksj", "hc")]
print(json.dumps(r, indent=1))'
