# Two trials without an event, one of them the only one of its group, and one without n.
cat > trials.csv <<'END'
trial,dose,e1,n1,e2,n2
Adams,low,0,24,0,25
Brown,low,4,51,9,50
Chen,high,1,30,5,31
Diaz,high,0,40,,38
Egede,low,2,61,8,64
Fox,none,0,18,0,19
END
forest() {
  metapool plot forest trials.csv --measure OR --events1 e1 --n1 n1 --events2 e2 --n2 n2 --study trial --quiet "$@"
}
forest --by dose --format csv | cut -d, -f1-5,11-14
forest --by dose --format json | grep -o '"kind": "not-estimable", "group": "[a-z]*", "study": "[A-Za-z]*".*' |
  sed 's/"estimate.*"raw"/... "raw"/'
forest --by dose --layout revman5 | sed -n 's/.*class="\(heading\|label\|limits\|cell\)".*>\([^<]*\)<.*/\1 \2/p' | grep -A5 'Adams\|none\|Fox'
metapool pool trials.csv --measure OR --events1 e1 --n1 n1 --events2 e2 --n2 n2 --study trial --plot --charset ascii --quiet |
  grep -A6 '^Forest'
echo "hidden:"
forest --not-estimable hide --format csv | cut -d, -f1,3
echo "cells of the table's own columns, and risk of bias:"
cat > cells.csv <<'END'
trial,drug,year,bias,e1,n1,e2,n2
Adams,first,1990,low,0,24,0,25
Brown,second,1991,high,4,51,9,50
Chen,,1992,some,1,30,5,31
Diaz,third,1993,no words,0,40,,38
END
cells() {
  metapool plot forest cells.csv --measure OR --events1 e1 --n1 n1 --events2 e2 --n2 n2 --study trial --quiet \
    --left study,drug,year --rob bias "$@"
}
cells --format csv | cut -d, -f1,3,15-17
cells --format json | sed -n 's/.*\("study": "[A-Z][a-z]*"\).*\("columns".*}\)}.*/\1 ... \2/p'
cells | grep -o 'class="\(label\|cell\|rob-[a-z]*\)" data-row="1".*' | sed 's/ data-row.*\(>[^<]*<\).*/ \1/; s/ data-row.*//'
echo "a word that is no level, of a study that is shown:"
sed 's/1990,low/1990,perhaps/' cells.csv > other.csv && mv other.csv cells.csv
cells || echo "exit status $?"
echo "arrows, and words on them:"
printf 'trial,e1,n1,e2,n2\nAdams,0,24,0,25\nBrown,40,510,90,500\nChen,41,520,78,500\n' > trials.csv
forest --method mh --pooled common | grep -o 'class="arrow"\|Arrows:' | wc -l | tr -d " "
