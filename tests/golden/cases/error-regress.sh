# What is wrong with a regression, and what to do about it.
regress() {
  metapool regress datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients "$@" > out.txt ||
    echo "exit status $?"
}
regress
regress --mods produkt
regress --mods "product +"
regress --mods "log(patients)"
regress --mods product --mods setting
regress --mods product --by entity
regress --mods product --null 0.1
regress --mods product --ref product=Axicel
regress --mods product --ref produkt=Axi-cel
regress --mods product --ref Axi-cel
regress --mods setting --where "setting = 'RW'"
regress --mods setting --where "setting IS NULL"
regress --mods nrm_reported_month --where "nrm_reported_month IS NULL"
regress --mods product --test produkt
regress --mods setting --contrast "setting: RW - XX"
regress --mods setting --contrast "RW - CT"
regress --mods setting --at "followup_months=3"
regress --mods setting --at "setting"
regress --mods setting --at "setting=XX"
regress --mods followup_months --at "followup_months=10:1:1"
regress --mods followup_months --at "followup_months=long"
regress --mods followup_months --margins followup_months
regress --mods setting --ci kr
regress --mods setting --predict nnf
regress --mods setting --method mh
regress --mods setting --nodes 7
regress --mods setting --seed 3
regress --mods setting --permute 3
regress --mods setting --permute 1000 --cluster setting
regress --mods setting --permute exact --weights patients
regress --mods setting --permute 1000 --scale setting
regress --mods setting --permute 1000 --method glmm
regress --mods study
