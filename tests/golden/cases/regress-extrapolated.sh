# Predictions beyond the studies are told as such, even where a double cannot hold their limits.
metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study \
  --mods "followup_months" --at "followup_months=1e300" --at "followup_months=10|20" --at "followup_months=0:120:60" |
  sed -n '/^Predictions/,$p'
