metapool report "$DATA/bcg.csv" --measure OR --events1 tpos --n1 "tpos + tneg" --events2 cpos --n2 "cpos + cneg" --study trial --by alloc --baseline-risk 0.05 -o report.html
sed -n '/class="lead"/,/<\/div>/p; /id="absolute"/,/<\/section>/p; /id="methods"/,/<\/p>/p; /id="prisma"/,/<\/section>/p' report.html
