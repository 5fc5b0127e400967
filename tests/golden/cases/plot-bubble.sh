bad() { metapool plot bubble "$@" >/dev/null && echo 0 || echo $?; }
counts="datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --quiet"
bad $counts
bad $counts --mods followup_months --across product
bad $counts --mods "product + followup_months" --at product=Axi-cel
bad $counts --mods "product + followup_months" --across followup_months --at product=Cilta-cell
bad $counts --mods "product + followup_months" --at "followup_months=10|20"
bad $counts --mods "product + followup_months" --at "product=*"
bad $counts --mods followup_months --by product
bad $counts --mods followup_months --permute 100
bad $counts --mods followup_months --margins none
metapool plot bubble $counts --mods followup_months --format csv | tail -2
