# What --snapshot refuses.
cp "$DATA/bcg.csv" "$DATA/bcg.yaml" .
metapool verify bcg.yaml --update-snapshot || echo "exit status $?"
metapool verify bcg.yaml --snapshot-must-exist || echo "exit status $?"
metapool verify bcg.yaml --snapshot one.json --snapshot-must-exist --update-snapshot || echo "exit status $?"
metapool verify bcg.yaml --snapshot bcg.yaml || echo "exit status $?"
metapool verify bcg.yaml --snapshot . || echo "exit status $?"
metapool verify bcg.yaml --snapshot '' || echo "exit status $?"
metapool verify bcg.yaml bcg.yaml --snapshot one.json || echo "exit status $?"
metapool verify bcg.yaml bcg.yaml -f csv || echo "exit status $?"
metapool verify bcg.yaml --snapshot same -o same || echo "exit status $?"
metapool verify bcg.yaml --snapshot nowhere/kept.json || echo "exit status $?"
# A file that is no snapshot stays as it is.
for text in '{' '[]' '{"schema": "metapool.snapshot/2"}' '{"schema": "metapool.snapshot/1"}' \
    '{"schema": "metapool.snapshot/1", "metapool_version": "", "sha256": "", "tables": [1], "analyses": []}'; do
    echo "$text" > kept.json
    metapool verify bcg.yaml --snapshot kept.json --update-snapshot || echo "exit status $?"
done
cat kept.json
