# Headers that differ in case: by name, in quotes and by a query.
printf 's,x,n,N\nA,1,10,20\nB,2,30,40\n' > cases.csv
for n in n N '"N" + 1'; do
  metapool effects cases.csv --measure PLO --events x --n "$n" --format csv | cut -d , -f 1,6,7
done
metapool effects cases.csv --measure PLO --events x --n m --query 'SELECT x, "N" AS m FROM data' --format csv | cut -d , -f 1,6,7
