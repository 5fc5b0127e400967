trials="datasets/cryotherapy/trials.csv --measure RR --study study --estimate risk_ratio --ci-lower ci_lower --ci-upper ci_upper --by analysed"
metapool pool $trials --rounding bounds --quiet | sed -n '/^Rounding/,/^Notes/p' | sed -n '/^Tests of/,$p'
metapool pool $trials --rounding bounds --quiet | sed -n '/^Rounding/,/^Notes/p' | sed -n '/^Figure/,/Common/p'
digits() { env -u LD_PRELOAD LC_ALL=C awk -F , 'NR == 1 { print; next } { printf "%s,%s,%s", $1, $2, $3; for (i = 4; i <= NF; i++) printf $i == "" ? "," : ",%.6g", $i; print "" }'; }
metapool pool $trials --rounding bounds --quiet --format csv | digits
metapool pool $trials --rounding draws --draws 100 --tau2-scope common --quiet --format csv | digits | grep between
