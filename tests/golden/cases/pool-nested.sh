cp "$DATA/schools.csv" .
schools='schools.csv --yi yi --vi vi --nested district/school'
metapool pool $schools
for with in '--tau2 ML --ci wald' '--df contain' '--cluster district --robust cr1'; do
  echo
  echo "== $with"
  metapool pool $schools $with | sed -n '/^Random effects  *nest/,/^Common/p; /^Pooled/,/^$/p; /^Log/p; /^Variance/,/^$/p; /^Notes/,$p'
done
