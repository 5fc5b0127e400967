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
for tau2 in REML ML DL PM PMM EB HE HS HSk SJ SJIT DLIT GENQ GENQM DL2 CA2 EE 0.1; do
  metapool pool bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --method inverse \
    --tau2 $tau2 --format json --quiet > pool.json
  $PYTHON - $tau2 <<'END'
import json, sys
overall = json.load(open("pool.json"))["overall"]
h, fit = overall["heterogeneity"], overall["fit"]
se = "none" if h["tau2_se"] is None else f"{h['tau2_se']:.10f}"
print(f"{fit['tau2_method']:6} {h['tau2']:.10f} se {se:12} {fit['loglik_kind']:4} {fit['loglik']:.8f}"
      f" AIC {fit['AIC']:.8f} mean {overall['random']['estimate']:.8f}")
END
done
