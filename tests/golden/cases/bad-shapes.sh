# Files that are tables of another kind, or not yet.
pool() { metapool pool "$1" --measure PLO --events x --n n || echo "exit status $?"; }
printf '{"x": [3, 4], "n": [50, 40]}\n' > table.json
pool table.json
printf 'x,n\n3,50\n' | gzip -n | gzip -n > twice.gz
pool twice.gz
printf 'x|n\n3|50\n' > pipes.csv
pool pipes.csv
printf '"x,n"\n"3,50"\n' > quoted.csv
pool quoted.csv
printf 'Table 1. Deaths\n\nx,n\n3,50\n' > title.csv
pool title.csv
printf 'x,n,\n3,50,\n' > trailing.csv
pool trailing.csv
printf 'x,n\n3, "50"\n' > blank.csv
pool blank.csv
