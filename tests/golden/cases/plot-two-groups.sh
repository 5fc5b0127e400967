cat > bcg.csv <<'END'
trial,tpos,tneg,cpos,cneg,alloc
Aronson 1948,4,119,11,128,random
Ferguson & Simes 1949,6,300,29,274,random
Frimodt-Moller et al 1973,33,5036,47,5761,alternate
Stein & Aronson 1953,180,1361,372,1079,alternate
END
odds() { metapool plot forest bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial --quiet "$@"; }
odds --by alloc --format csv | cut -d, -f1-5,11-
odds --format svg | grep -o '>[^<]*\(Treated\|Control\|[0-9]/[0-9]\)[^<]*<'
cat > means.csv <<'END'
trial,m1,s1,n1,m2,s2,n2
Ash 2001,23.4,5.1,30,25,5.5,31
Elm 2004,18.25,4.2,25,21.5,4.1,22
END
means() { metapool plot forest means.csv --measure MD --mean1 m1 --sd1 s1 --n1 n1 --mean2 m2 --sd2 s2 --n2 n2 --study trial --quiet "$@"; }
means --format csv | cut -d, -f1-5,11-
means --format svg | grep -o '>[^<]*\(Treated\|Control\|), [0-9]\)[^<]*<'
