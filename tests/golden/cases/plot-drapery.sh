bad() { metapool plot drapery "$@" >/dev/null && echo 0 || echo $?; }
counts="datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --quiet"
bad $counts --method inverse --ci pl
bad $counts --method inverse --ci hc
bad $counts --method inverse --predict nnf
bad $counts --y-axis sei
bad $counts --by entity
metapool plot drapery $counts --format csv --level 90 | grep -E '^(common|random|prediction),,0.1(0*1)?,'
