printf 'y,v\n1,1\n' | metapool pool - --yi y --vi v --format json > pool.json
grep -o '"single_study"' pool.json
