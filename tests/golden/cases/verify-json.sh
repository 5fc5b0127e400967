cp "$DATA/bcg.csv" "$DATA/bcg.yaml" .
metapool verify bcg.yaml --format json
