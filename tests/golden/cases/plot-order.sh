cat > hr.csv <<'TABLE'
trial,hr,lower,upper,country,year
Adams,0.63,0.49,0.81,NL,2001
Brown,0.80,0.62,1.03,,1999
Chen,0.71,0.45,1.12,CN,2010
TABLE
forest() { metapool plot forest hr.csv --measure HR --estimate hr --ci-lower lower --ci-upper upper --study trial --quiet "$@"; }
for key in yi weight:desc name:desc year country 'abs(year - 2000):desc'; do
  echo "$key: $(forest --sort "$key" --format csv | grep ^study | cut -d, -f3 | tr '\n' ' ')"
done
forest --sort year:desc --favours 'drug,"no, placebo"' --xlim 0.5,1.5 | sed -n 's/.*<text class="\(tick-label\|axis-title\|note\)".*>\([^<]*\)<.*/\1: \2/p'
forest --sort year:desc | grep -o 'Studies are in the order[^<]*'
forest --favours drug || echo "exit status $?"
forest --xlim 0,2 || echo "exit status $?"
forest --xlim 2,1 || echo "exit status $?"
forest --sort yeer || echo "exit status $?"
