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
