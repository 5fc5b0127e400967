cp "$DATA/bcg.csv" "$DATA/bcg.yaml" .
metapool verify bcg.yaml --format csv --output ./bcg.csv || echo "exit status $?"
metapool verify bcg.yaml --snapshot .csv --update-snapshot || echo "exit status $?"
cmp bcg.csv "$DATA/bcg.csv"
