# Nothing that is written replaces the table that is read, or another output.
printf 'y,v\n0.1,0.02\n0.4,0.03\n0.2,0.05\n' > three.csv
cp three.csv before.csv
ln -s three.csv link.csv
run() { metapool "$@" --yi y --vi v || echo "exit status $?"; }
run pool three.csv -o three.csv
run bias ./three.csv -o three.csv
run pool link.csv -o three.csv
run sensitivity three.csv --gosh-output three.csv
run sensitivity three.csv --gosh-output new.csv -o ./new.csv
run plot forest three.csv -o three.csv
cmp three.csv before.csv && echo "the table is as it was"
run sensitivity three.csv --gosh-output fits.csv -o report.csv && run sensitivity three.csv --gosh-output fits.csv -o report.csv && wc -l < fits.csv
