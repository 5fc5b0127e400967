bad() { metapool plot "$@" >/dev/null && echo 0 || echo $?; }
counts="--measure PLO --events deaths --n patients"
bad
bad wood datasets/nrm2024/studies.csv $counts
bad --format svg
bad forest datasets/nrm2024/studies.csv $counts --contours 95
bad funnel datasets/nrm2024/studies.csv $counts --by entity
bad funnel datasets/nrm2024/studies.csv $counts --contours 95
bad funnel datasets/nrm2024/studies.csv $counts --null 0.05 --contours 95,high
bad funnel datasets/nrm2024/studies.csv $counts --null 0.05 --contours 95,95
bad funnel datasets/nrm2024/studies.csv $counts --null 0.05 --contours 80,90,95,99
bad funnel datasets/nrm2024/studies.csv $counts --format gif
bad funnel datasets/nrm2024/studies.csv $counts --trim-fill L0 --quiet
bad funnel datasets/nrm2024/studies.csv $counts --trim-fill L0
printf 'y,v\n1,1\n2,1\n' | bad funnel - --yi y --vi v --y-axis ni
bad funnel datasets/nrm2024/studies.csv $counts --egger-line --y-axis ni
printf 'y,v\n1,1\n2,1\n' | bad funnel - --yi y --vi v --egger-line
bad labbe datasets/nrm2024/studies.csv $counts
printf 'y,v\n1,1\n2,1\n' | bad labbe - --measure OR --yi y --vi v
printf 'a,b,c,d\n1,0,4,2\n' | bad labbe - --measure PHI --cell-a a --cell-b b --cell-c c --cell-d d
bad radial datasets/nrm2024/studies.csv $counts --by entity
bad gosh datasets/nrm2024/studies.csv $counts --layout jama
bad composition datasets/nrm2024/studies.csv --events deaths
bad forest datasets/nrm2024/studies.csv $counts --excess
bad influence datasets/nrm2024/studies.csv $counts --no-such-thing
