cp "$DATA/bcg.csv" .
metapool pool bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --by alloc --method mh --tau2 DL > rr.txt
sed -n '/^Random effects  inverse/,/^Subgroups  /p; /^Pooled/,/^I.2 from/p; /^Q,/p; /^Subgroups, common/,/^$/p; /^Tests between/,/^$/p' rr.txt
metapool pool bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh | grep '^Common\|^Q,\|^Test of\|^Contin\|^Breslow\|^Tarone'
metapool pool bcg.csv --measure PETO --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method peto | grep -A1 "^Common effect\|^Q,"
metapool plot forest bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh -f svg | grep -o 'Q[^ ]*(Mantel-Haenszel)[^ ]*152.57\|Model: [^<;]*' | uniq
