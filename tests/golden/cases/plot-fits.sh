cat > hr.csv <<'TABLE'
trial,hr,lower,upper,site,year
Adams,0.63,0.49,0.81,a,2001
Brown,0.80,0.62,1.03,b,1999
Chen,0.71,0.45,1.12,a,2010
Diaz,1.05,0.70,1.58,c,2010
TABLE
with="hr.csv --measure HR --estimate hr --ci-lower lower --ci-upper upper --study trial --quiet"
forest() { metapool plot forest $with "$@"; }
# The figure's fits are those of the command that lists them.
forest --leave-one-out --format csv | awk -F, '/^leave/ { print $3, $6, $7, $8 }' > figure
metapool sensitivity $with --leave-one-out --format csv | awk -F, 'NR > 1 { print $1, $13, $14, $15 }' > list
cmp figure list && cut -d' ' -f1 figure
forest --cumulative year --format csv | awk -F, '/^cumul/ { print $6, $7, $8 }' > figure
metapool sensitivity $with --cumulative year --format csv | sed 's/"[^"]*"/x/' | awk -F, 'NR > 1 { print $14, $15, $16 }' > list
cmp figure list
forest --cumulative year --format svg | sed -n 's/.*<text class="\(title\|label\|cell\|header\)".*>\([^<]*\)<.*/\1: \2/p'
forest --leave-one-out --cluster site --format csv | cut -d, -f1,3
forest --leave-one-out --sort trial:desc --format json | grep -o '"kind": "leave.*"study": "[A-Z][a-z]*"\|"k": .*I2": [0-9]*' | sed 's/\(\.[0-9]\{4\}\)[0-9]*/\1/g'
forest --leave-one-out --cumulative year || echo "exit status $?"
forest --leave-one-out --by site || echo "exit status $?"
forest --cumulative year --sort year || echo "exit status $?"
forest --leave-one-out --left year || echo "exit status $?"
