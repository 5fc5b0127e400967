trials="datasets/cryotherapy/trials.csv --measure RR --study study --estimate risk_ratio --ci-lower ci_lower --ci-upper ci_upper"
metapool pool $trials --rounding bounds --quiet | sed -n '/^Rounding/,/^Notes/p'
metapool pool $trials --rounding draws --draws 200 --seed 7 --decimals-of risk_ratio=exact --quiet --format markdown | sed -n '/Rounding/,/Notes/p'
one=$(metapool pool $trials --rounding draws --draws 150 --by analysed --format json --quiet)
two=$(metapool pool $trials --rounding draws --draws 150 --by analysed --format json --quiet --threads 4)
test "$one" = "$two" && echo same
printf 'hr;lo;hi\n1,00;1,00;1,01\n0,9;0,5;1,3\n' | metapool pool - --decimal , --measure HR --estimate hr --ci-lower lo --ci-upper hi --rounding bounds 2>&1 | sed -n '/^metapool/p;/^Rounding/,$p'
fails() { metapool pool "$@" --quiet > /dev/null && echo 0 || echo $?; }
fails $trials --decimals-of ci_lower=2
fails $trials --rounding bounds --decimals-of lower=2
fails $trials --rounding bounds --decimals-of ci_lower=two
fails $trials --rounding bounds --draws 1000
fails $trials --rounding bounds --predict nnf
fails $trials --rounding half
fails datasets/cryotherapy/trials.csv --yi 'ln(risk_ratio)' --ci-lower 'ln(ci_lower)' --ci-upper 'ln(ci_upper)' --rounding bounds
fails datasets/cryotherapy/trials.csv --yi 'ln(risk_ratio)' --ci-lower 'ln(ci_lower)' --ci-upper 'ln(ci_upper)' --rounding bounds --decimals-of 'ln(risk_ratio)=2' --decimals-of 'ln(ci_lower)=2' --decimals-of 'ln(ci_upper)=2'
fails datasets/nrm2024/studies.csv --measure PLO --events deaths --n patients --rounding bounds
fails datasets/cryotherapy/trials.csv --query 'select 1 * risk_ratio as rr, ci_lower, ci_upper from data' --measure RR --estimate rr --ci-lower ci_lower --ci-upper ci_upper --rounding bounds
