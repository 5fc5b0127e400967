cat > hr.csv <<'TABLE'
trial,hr,lower,upper,D1,missing outcome data
Adams,0.63,0.49,0.81,Low,some concerns
Brown,0.80,0.62,1.03,,HIGH
Chen,0.71,0.45,1.12,?,critical
TABLE
forest() { metapool plot forest hr.csv --measure HR --estimate hr --ci-lower lower --ci-upper upper --study trial --quiet "$@"; }
forest --rob 'D1,missing outcome data' | grep -o 'class="rob-[a-z]*" data-row="[0-9]*"' | grep -v sign
forest --rob 'D1,missing outcome data' | sed -n 's/.*<text class="\(header\|footer\)".*>\([^<]*\(A\|B\|[Rr]isk of bias\|concerns\)[^<]*\)<.*/\1: \2/p'
forest --rob 'D1,missing outcome data' --format json | grep -o '"rob".*'
forest --rob D1,D1 || echo "exit status $?"
forest --rob trial || echo "exit status $?"
