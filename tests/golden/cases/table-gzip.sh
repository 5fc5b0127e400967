pool() { metapool pool "$@" --study trial --yi y --vi v --format json | sed '/"data": {/,/^  }/d'; }
printf 'trial,y,v\nA,0.1,0.02\nB,0.3,0.04\nC,0.2,0.03\n' > plain.csv
gzip < plain.csv > packed.csv
pool plain.csv > plain.json
pool packed.csv > packed.json
pool - < packed.csv > piped.json
cmp plain.json packed.json
cmp plain.json piped.json
test "$(metapool pool packed.csv --study trial --yi y --vi v --format json | sed -n 's/.*"sha256": "\(.*\)".*/\1/p')" = \
  "$(sha256sum < packed.csv | cut -d ' ' -f 1)"
