cat > bcg.csv <<'END_OF_TABLE'
trial,tpos,tneg,cpos,cneg,alloc
Aronson 1948,4,119,11,128,random
Ferguson & Simes 1949,6,300,29,274,random
Frimodt-Moller et al 1973,33,5036,47,5761,alternate
Stein & Aronson 1953,180,1361,372,1079,alternate
END_OF_TABLE
layout() { metapool plot forest bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --by alloc --predict none --quiet --layout "$@" | sed -n '/"page"/,$s/.*<text class="\([a-z-]*\)".*>\([^<]*\)<.*/\1: \2/p' | grep -v footer; }
layout revman5
layout jama | head -30
layout bmj --method mh | head -30
layout subgroup | grep -v tick
metapool plot forest bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --layout subgroup || echo "exit status $?"
