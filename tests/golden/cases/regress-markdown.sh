metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients \
  --where "entity = 'MM' AND product NOT LIKE '%+%'" --mods product --ref product=Ide-cel --permute exact \
  --format markdown
