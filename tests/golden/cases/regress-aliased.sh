# Columns that others determine are left out and named; no tests hang on them.
cat > trials.csv <<'END'
y,v,dose,units,arm,site
0.10,0.02,1,1000,a,x
0.30,0.02,2,2000,b,x
0.20,0.03,3,3000,a,x
0.50,0.01,4,4000,b,x
0.40,0.02,5,5000,a,x
0.70,0.03,6,6000,b,x
END
regress() { metapool regress trials.csv --yi y --vi v --mods "$@" || echo "exit status $?"; }
regress "dose + units + arm + site" --digits 3 --strict
regress "dose + units" --test units
regress "dose + units" --contrast "units - dose"
regress "site"
regress "site + (dose > 0)"
regress "arm * factor(dose)" --quiet | sed -n '/^Marginal/,/^$/p'
