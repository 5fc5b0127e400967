# Crude mortality and follow-up in the 51 cohorts that have one: published as r 0.2588939
# (-0.01797204 to 0.49888373), t 1.8762, df 49, p 0.06659. Then what has no correlation.
crude() {
  metapool regress datasets/nrm2024/studies.csv --yi "1.0 * deaths / patients" --vi "1.0 / patients" \
    --correlation --quiet "$@"
}
crude --mods followup_months --digits 8 | sed -n '/^Correlation/,/^$/p'
crude --mods followup_months --format json | grep -A 9 '"correlation": {'
crude --mods followup_months --level 90 --format markdown | sed -n '/Correlation/,/^## Notes/p'
crude --mods setting --format json | grep -A 2 '"correlation": {'
crude --mods product || echo "exit status $?"
crude --mods followup_months --no-intercept || echo "exit status $?"
printf 'y,v,x\n1,1,1\n1,2,2\n1,1,3\n' | metapool regress - --yi y --vi v --mods x --correlation --format json |
  grep -E '"correlation"|no_answer|correlation:'
