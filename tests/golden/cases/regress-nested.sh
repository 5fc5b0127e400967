cp "$DATA/schools.csv" .
schools='schools.csv --yi yi --vi vi --nested district/school'
metapool regress $schools --mods '(year - 2000)' --df contain
echo
metapool regress $schools --mods '(year - 2000)' --cluster district | sed -n '/^Tests/,/^$/p; /^Coef/,/^$/p; /^Test of/p; /^Notes/,$p'
metapool regress $schools --mods year --permute 100 || echo "exit $?"
metapool regress $schools --mods year --ci hksj || echo "exit $?"
metapool regress $schools --mods 'factor(district)' | sed -n '/^Variance/,/^$/p; /^Notes/,$p'
