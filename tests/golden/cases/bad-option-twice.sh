# A second choice of rows may not replace the first in silence; of other options the last value holds.
printf 'x,n\n3,50\n4,-99\nNR,40\n' > t.csv
metapool effects t.csv --measure PLO --events x --n n --missing NR,-99 --n 50 --n n --missing NR,-99 > same.txt
for options in '--missing -99 --missing NR' '--where x>1 --where n>1'; do
  metapool effects t.csv --measure PLO --events x --n n $options || echo "exit $?"
done
