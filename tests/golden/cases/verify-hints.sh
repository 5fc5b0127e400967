# Slips that explain a claim that does not hold; metafor: RR = 0.4894 (0.3441, 0.6962), I2 = 92.22 (RR, REML).
cp "$DATA/bcg.csv" .
cat > slips.yaml <<'END'
title: Slips
data: {trials: {file: bcg.csv}}
analyses:
  random:
    command: pool
    options: {measure: RR, cell-a: tpos, cell-b: tneg, cell-c: cpos, cell-d: cneg, study: trial, ci: wald}
claims:
  - {id: percentage, analysis: random, quantity: overall.random.back.estimate, printed: "49%"}
  - {id: share, analysis: random, quantity: overall.heterogeneity.I2, printed: "0.922"}
  - {id: natural, analysis: random, quantity: overall.random.estimate, printed: "0.49"}
  - {id: logarithm, analysis: random, quantity: overall.random.back.estimate, printed: "-0.71"}
  - {id: no transform, analysis: random, quantity: overall.random.back.estimate, printed: "0.489", transform: exp}
  - {id: inverted, analysis: random, quantity: overall.random.back.estimate, printed: "2.04"}
  - {id: sign, analysis: random, quantity: overall.random.estimate, printed: "0.715"}
  - {id: variance, analysis: random, quantity: overall.random.se, printed: "0.0323"}
  - {id: tau, analysis: random, quantity: overall.heterogeneity.tau2, printed: "0.560"}
  - {id: other limit, analysis: random, quantity: overall.random.back.ci_lower, printed: "0.70"}
  - {id: other end of tau2, analysis: random, quantity: "overall.heterogeneity.tau2_ci[0]", printed: "1.11"}
  - {id: limit of the inverse, analysis: random, quantity: overall.random.back.ci_lower, printed: "1.436"}
  - {id: limit of the negative, analysis: random, quantity: overall.random.ci_lower, printed: "0.362"}
  - {id: common, analysis: random, quantity: overall.random.back.estimate, printed: "0.65"}
  - {id: nothing, analysis: random, quantity: overall.random.back.estimate, printed: "0.57"}
  - {id: one digit, analysis: random, quantity: overall.random.back.estimate, printed: "2"}
  - {id: bound, analysis: random, quantity: overall.random.back.estimate, printed: "<0.1"}
END
metapool verify slips.yaml || echo "exit status $?"
metapool verify slips.yaml -f junit | head -n 5
metapool verify slips.yaml -f json | grep -o '"id": "percentage".*"note": "[^"]*"'
