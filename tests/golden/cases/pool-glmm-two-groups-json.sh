printf '%s\n' study,x1,t1,x2,t2 1,7,1344,11,1988 2,8,1600,8,1461 3,3,12012,14,10962 4,6,1536,10,1503 \
  5,1,370,1,483 6,1,729,8,913 7,17,6760,15,6840 8,3,1107,7,1015 9,2,320,3,440 > catheters.csv
for model in um.fs um.rs cm.el; do
  metapool pool catheters.csv --measure IRR --events1 x1 --time1 t1 --events2 x2 --time2 t2 --study study \
    --method glmm --model $model --format json > $model.json
done
"$PYTHON" - <<'EOF'
import json
out = {}
for model in ("um.fs", "um.rs", "cm.el"):
    report = json.load(open(model + ".json"))
    overall = report["overall"]
    out[model] = {"options": {k: report["options"][k] for k in ("method", "model", "tau2", "ci", "nodes")},
                  "common": overall["common"]["estimate"], "random": overall["random"]["estimate"],
                  "se": overall["random"]["se"], "pi": [overall["random"][k] for k in ("pi_lower", "pi_upper")],
                  "heterogeneity": {k: v for k, v in overall["heterogeneity"].items()
                                    if k in ("Q", "df", "tau2", "tau2_se", "I2", "LRT", "LRT_df", "tau2_test")},
                  "fit": {k: v for k, v in overall["fit"].items() if k != "iterations"}}
json.dump(out, __import__("sys").stdout)
EOF
