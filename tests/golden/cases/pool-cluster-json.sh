cp "$DATA/bcg.csv" .
metapool pool bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
  --cluster "substr(trial, -4, 3)" --format json 2> /dev/null |
  "$PYTHON" -c 'import json, sys
result = json.load(sys.stdin)
print(json.dumps({"options": {o: result["options"][o] for o in ("cluster", "ci", "robust")},
                  "robust": result["overall"]["robust"],
                  "random": {k: v for k, v in result["overall"]["random"].items()
                             if k not in ("intervals", "predictions")},
                  "methods": [i["method"] for i in result["overall"]["random"]["intervals"]],
                  "notes": [n["code"] for n in result["notes"]]}, indent=1))'
