# What cannot be had from what was printed, and what to do.
printf 'y,p\n0.5,0.03\n0.4,0\n' > zero.csv
printf 'y,p\n0.5,0.03\n0.4,<0.05\n' > below.csv
printf 'hr,lower,upper,loghr\n0.5,0.3,0.9,-0.7\n' > hr.csv
run() { metapool "$@" && exit 9 || echo "exit $?" >&2; }
run effects zero.csv --yi y --p p
run effects below.csv --yi y --p p
run effects hr.csv --measure HR --estimate hr --yi loghr --ci-lower lower --ci-upper upper
run effects hr.csv --measure HR --estimate hr
run effects hr.csv --measure HR --ci-lower lower --ci-upper upper
run effects hr.csv --measure HR --yi hr --ci-lower lower
run effects hr.csv --measure ZCOR --estimate hr
