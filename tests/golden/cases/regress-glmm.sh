# The counts themselves in a mixed model: what changes beside inverse variances.
regress() {
  metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study \
    --mods "setting + (followup_months > 13)" "$@" || echo "exit status $?"
}
regress --method glmm --nodes 7 --at "setting=*"
regress --method glmm --ci hksj
regress --method glmm --predict hk
regress --method glmm --tau2 DL
regress --method glmm --tau2-ci qp
regress --method glmm --cluster phase
regress --robust cr1
regress --ci robust
regress --cluster phase --ci t
regress --cluster phase --predict hts
# What belongs to other models is null, not 0.
regress --method glmm --format json | $PYTHON -c '
import json, sys
fit = json.load(sys.stdin)["fit"]
print({key: fit[key] for key in ("sigma2", "rho", "rho_se", "rho_test")})'
