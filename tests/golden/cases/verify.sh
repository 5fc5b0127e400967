# Every verdict, every format.
cp "$DATA/bcg.csv" "$DATA/bcg.yaml" .
metapool verify bcg.yaml || echo "exit status $?"
for format in csv junit tap markdown; do
    metapool verify bcg.yaml --format $format -o out.$format || test $? = 1
done
cat out.tap out.junit out.markdown
cut -d, -f1,4,5,8 out.csv
# From another folder, a copied folder says the same.
mkdir away && cp bcg.csv bcg.yaml away && cd away && mkdir below && cd below
metapool verify ../bcg.yaml -f tap > ../../again.tap || cmp ../../out.tap ../../again.tap
# Another table than the one that the claims were made for.
sed 's/file: bcg.csv/file: bcg.csv, sha256: 0000000000000000000000000000000000000000000000000000000000000000/' ../bcg.yaml > ../other.yaml
metapool verify ../other.yaml || echo "exit status $?"
