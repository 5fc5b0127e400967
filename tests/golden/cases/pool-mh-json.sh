cp "$DATA/bcg.csv" .
metapool pool bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh --tau2 DL --ci wald --format json > or.json
$PYTHON -c '
import json
whole = json.load(open("or.json"))
pooled = whole["overall"]
print(json.dumps({"method": whole["options"]["method"], "mh-add": whole["options"]["mh-add"],
    "common": {k: v for k, v in pooled["common"].items() if k not in ("intervals", "predictions")},
    "Q": {k: pooled["heterogeneity"][k] for k in ("Q", "df", "p", "log_p", "Q_center", "tau2", "I2_Q")},
    "stratified": pooled["stratified"], "fit": pooled["fit"]["method"],
    "weights": [s["weight_common"] for s in whole["studies"]]}, indent=1))'
