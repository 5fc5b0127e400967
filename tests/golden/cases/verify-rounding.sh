# What the rounding of the inputs can explain is told beside claims that do not hold
cp datasets/cryotherapy/trials.csv .
cat > analysis.yaml <<'END'
title: Rounded inputs
data: {trials: {file: trials.csv}}
analyses:
  ratios:
    command: pool
    options: {measure: RR, estimate: risk_ratio, ci-lower: ci_lower, ci-upper: ci_upper, study: study, rounding: bounds}
  by-analysis: {extends: ratios, command: regress, options: {mods: analysed, margins: analysed, at: "analysed=per protocol"}}
claims:
  - {id: mean, analysis: ratios, quantity: overall.random.back.estimate, printed: "0.75"}
  - {id: near, analysis: ratios, quantity: overall.random.back.estimate, printed: "0.762"}
  - {id: far, analysis: ratios, quantity: overall.random.back.estimate, printed: "0.81"}
  - {id: Q, analysis: ratios, quantity: overall.heterogeneity.Q, printed: "84.1"}
  - {id: slope, analysis: by-analysis, quantity: "coefficients[analysed: per protocol].estimate", printed: "0.061"}
  - {id: margin, analysis: by-analysis, quantity: "margins[intention to treat].back.estimate", printed: "0.742"}
  - {id: level, analysis: by-analysis, quantity: "margins[analysed: per protocol].back.ci_upper", printed: "1.73"}
  - {id: at, analysis: by-analysis, quantity: "predictions[analysed = per protocol].back.pi_upper", printed: "4.7"}
  - {id: beyond, analysis: by-analysis, quantity: "predictions[analysed = per protocol].pi_lower", printed: "-1.5"}
END
metapool verify analysis.yaml --format csv | cut -d , -f 1,8-
