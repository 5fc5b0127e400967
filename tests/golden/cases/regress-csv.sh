metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients \
  --where "entity = 'MM'" --mods "rcs(followup_months, 3) + setting" --no-intercept --format csv --quiet
