# More than 20 studies: a sample, the same bytes on one thread and on two.
env -u LD_PRELOAD LC_ALL=C awk 'BEGIN { print "study,y,v"; for (i = 1; i <= 25; i++) print "S" i "," (i == 9 ? 3 : (i * 7 % 11) / 10) ",0.0" (2 + i % 5) }' > many.csv
gosh() { metapool sensitivity many.csv --yi y --vi v --study study --gosh --subsets 3000 --seed 11 "$@"; }
gosh --threads 1 --gosh-output one.csv --format json > one.json
gosh --threads 2 --gosh-output two.csv --format json > two.json
cmp one.json two.json && cmp one.csv two.csv && wc -l < one.csv
gosh | sed -n '/^All sub/,/^$/p'
metapool sensitivity many.csv --yi y --vi v --study study --gosh --subsets 3000 --seed 12 --gosh-output three.csv --quiet > /dev/null
cmp -s one.csv three.csv || echo "another seed, another sample"
