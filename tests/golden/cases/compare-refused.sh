# What is not compared.
cp "$DATA/bcg.csv" .
OR="metapool compare bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg"
status() { "$@" > /dev/null && echo 0 || echo $?; }
status $OR --by alloc
status $OR --cluster alloc
status $OR --ci robust
status $OR --method peto
status $OR --draws 500
status $OR --mh-add 0.5 --nodes 7
