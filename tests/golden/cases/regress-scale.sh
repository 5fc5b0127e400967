# A location-scale model: the studies' tau2 by latitude.
regress() {
  metapool regress "$DATA/bcg-moderators.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg \
    --mods alloc --scale ablat "$@" || echo "exit status $?"
}
regress --margins none | sed -n '/^Model/,$p'
regress --ci hksj
regress --tau2 DL
regress --permute 100
regress --scale ablat --scale year
# What belongs to other models is null, not 0.
regress --format json | $PYTHON -c '
import json, sys
fit = json.load(sys.stdin)["fit"]
print({key: fit[key] for key in ("sigma2", "rho", "rho_se", "rho_test")})'
