cp "$DATA/bcg.csv" .
bcg='--measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg'
metapool pool bcg.csv $bcg --ci pl --null 1 --predict nnf --draws 2000 --seed 1 --format json --quiet > one.json
metapool pool bcg.csv $bcg --ci pl --null 1 --predict nnf --draws 2000 --seed 1 --format json --quiet --threads 3 > three.json
cmp one.json three.json && echo "the same on three threads"
$PYTHON - <<'END'
import json
run = json.load(open("one.json"))
random = run["overall"]["random"]
number = lambda x: "null" if x is None else f"{x:.10f}"
print({k: run["options"][k] for k in ("ci", "predict", "draws", "seed", "weights")})
for i in random["intervals"]:
    print(i["method"], *(number(i[k]) for k in ("estimate", "se", "df", "p", "ci_lower", "ci_upper")), len(i["segments"]))
for p in random["predictions"][:-1]:
    print(p["method"], *(number(p[k]) for k in ("se", "df", "lower", "upper")))
p = random["predictions"][-1] # random: what is stable of it
print(p["method"], p["se"], p["df"], abs(p["lower"] + 2.221) < 0.3, abs(p["upper"] - 0.763) < 0.3)
print([n["code"] for n in run["notes"]])
END
