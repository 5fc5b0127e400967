cat > bcg.csv <<'END'
trial,tpos,tneg,cpos,cneg
Aronson 1948,4,119,11,128
Ferguson & Simes 1949,6,300,29,274
Rosenthal et al 1960,3,228,11,209
Hart & Sutherland 1977,62,13536,248,12619
Stein & Aronson 1953,180,1361,372,1079
END
trials() { metapool pool bcg.csv --measure "$1" --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --quiet "${@:2}"; }
trials RR --profile revman5 | sed -n '/^The defaults/,/^Notes/p'
trials PHI --profile stata | sed -n '/^The defaults/,/^Option/p'
trials RR --profile jasp --keep00 | sed -n '/^The defaults/,$p'
trials RR --profile revman
