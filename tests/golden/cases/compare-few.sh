# One study, and three that agree.
printf 'y,v\n0.4,0.01\n' > one.csv
metapool compare one.csv --yi y --vi v --null 0
printf 'y,v\n0.4,0.01\n0.41,0.02\n0.39,0.01\n' > three.csv
metapool compare three.csv --yi y --vi v --null 0.5 | sed -n '4,/^$/p; /^By/,/^$/p'
