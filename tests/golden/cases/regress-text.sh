metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --study study \
  --where "entity = 'LBCL' AND product NOT LIKE '%+%'" --tau2 ML \
  --mods "product + (followup_months > 13) + setting + enrolment_ended + line" \
  --test "product, setting" --contrast "product: Liso-cel - Tisa-cel" \
  --at "product=*, setting=RW" --margins product --margins setting
