cp "$DATA/bcg.csv" .
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
