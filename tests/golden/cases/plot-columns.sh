cat > hr.csv <<'TABLE'
trial,hr,lower,upper,country,year
Adams,0.63,0.49,0.81,NL,2001
"Brown ""B""",0.80,0.62,1.03,,1999
Chen,0.71,0.45,1.12,CN & TW,2010
TABLE
forest() { metapool plot forest hr.csv --measure HR --estimate hr --ci-lower lower --ci-upper upper --study trial --quiet "$@"; }
forest --left country,'year - 2000' --right effect,weight-common,weight-random | sed -n 's/.*<text class="\(header\|cell\|weight\)".*>\([^<]*\)<.*/\1: \2/p'
forest --left country,'year - 2000' --format json | grep -o '"columns".*'
forest --left country,'year - 2000' --right effect,upper --format csv | cut -d, -f1,3,9-
forest --left effect --right none | sed -n 's/.*<text class="header".*>\([^<]*\)<.*/\1/p'
forest --left country --right effect,country || echo "exit status $?"
forest --left 'country,,year' || echo "exit status $?"
forest --left contry || echo "exit status $?"
