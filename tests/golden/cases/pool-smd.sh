cat > stay.csv <<'END'
study,n1,mean1,sd1,n2,mean2,sd2
Edinburgh,155,55,47,156,75,64
Orpington-Mild,31,27,7,32,29,4
Orpington-Moderate,75,64,17,71,119,29
Orpington-Severe,18,66,20,18,137,48
Montreal-Home,8,14,8,13,18,11
Montreal-Transfer,57,19,7,52,18,4
Newcastle,34,52,45,33,41,34
Umea,110,21,16,183,31,27
Uppsala,60,30,27,52,23,20
END
set -- --mean1 mean1 --sd1 sd1 --n1 n1 --mean2 mean2 --sd2 sd2 --n2 n2 --study study
metapool effects stay.csv --measure SMD --vtype UB "$@"
metapool pool stay.csv --measure SMD --ci wald "$@"
metapool pool stay.csv --measure ROM --correct no --tau2 DL --ci wald "$@" | sed -n '/^Measure/,/^Random/p; /^Pooled/,/^Test, random/p'
metapool effects stay.csv --measure SMD --format json "$@" |
  "$PYTHON" -c 'import json, sys; d = json.load(sys.stdin); print(d["options"]["correct"], d["measure"], d["effects"][0]["yi"])'
