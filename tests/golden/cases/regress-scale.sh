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
