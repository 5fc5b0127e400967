pool() { metapool pool "$@" --study trial --yi y --vi v --format json | sed '/"data": {/,/^  }/d'; }
printf 'trial,y,v\nA,0.1,0.02\nB,-0.35,4e-2\nC,0.2,0.03\n' > point.csv
printf 'trial;y;v\nA;0,1;0,02\nB;-0,35;4e-2\nC;0,2;0,03\n' > semicolon.csv
printf 'trial\ty\tv\r\nA\t0,1\t0,02\r\nB\t-0,35\t4e-2\r\nC\t0,2\t0,03\r\n' > tab.tsv
pool point.csv > point.json
pool semicolon.csv --decimal , > semicolon.json
pool tab.tsv --decimal , > tab.json
cmp point.json semicolon.json
cmp point.json tab.json
