cat > bcg.csv <<'END'
trial,tpos,tneg,cpos,cneg,alloc
Aronson 1948,4,119,11,128,random
Ferguson & Simes 1949,6,300,29,274,random
Rosenthal et al 1960,3,228,11,209,random
Hart & Sutherland 1977,62,13536,248,12619,random
Frimodt-Moller et al 1973,33,5036,47,5761,alternate
Stein & Aronson 1953,180,1361,372,1079,alternate
Vandiviere et al 1973,8,2537,10,619,random
TPT Madras 1980,505,87886,499,87892,random
Coetzee & Berjak 1968,29,7470,45,7232,random
Rosenthal et al 1961,17,1699,65,1600,systematic
Comstock et al 1974,186,50448,141,27197,systematic
Comstock & Webster 1969,5,2493,3,2338,systematic
Comstock et al 1976,27,16886,29,17825,systematic
END
metapool pool bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --by alloc --method mh --tau2 DL > rr.txt
sed -n '/^Random effects  inverse/,/^Subgroups  /p; /^Pooled/,/^I.2 from/p; /^Q,/p; /^Subgroups, common/,/^$/p; /^Tests between/,/^$/p' rr.txt
metapool pool bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh | grep '^Common\|^Q,\|^Test of\|^Contin\|^Breslow\|^Tarone'
metapool pool bcg.csv --measure PETO --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method peto | grep -A1 "^Common effect\|^Q,"
metapool plot forest bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --method mh -f svg | grep -o 'Q[^ ]*(Mantel-Haenszel)[^ ]*152.57\|Model: [^<;]*' | uniq
