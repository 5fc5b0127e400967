trials="datasets/cryotherapy/trials.csv --measure RR --study study --estimate risk_ratio --ci-lower ci_lower --ci-upper ci_upper --mods analysed"
metapool regress $trials --rounding bounds --quiet | sed -n '/^Rounding/,/^Notes/p'
metapool regress $trials --rounding draws --draws 100 --seed 7 --format markdown --quiet | sed -n '/Rounding/,/Notes/p'
metapool regress $trials --rounding bounds --quiet --format csv --test analysed | cut -d , -f 1-3
one=$(metapool regress $trials --rounding draws --draws 150 --format json --quiet)
two=$(metapool regress $trials --rounding draws --draws 150 --format json --quiet --threads 4)
test "$one" = "$two" && echo same
metapool regress $trials --rounding bounds --format html --quiet | grep -c 'Rounding of the inputs'
fails() { metapool regress "$@" --quiet > /dev/null && echo 0 || echo $?; }
fails $trials --decimals-of ci_lower=2
fails $trials --draws 200
fails $trials --rounding bounds --draws 200
fails $trials --rounding bounds --decimals-of risk_ratio=exact --decimals-of ci_lower=exact --decimals-of ci_upper=exact
