cat > pairs.csv <<'END'
study,a,b,c,d
Ash,20,5,9,30
Elm,11,2,7,40
END
metapool effects pairs.csv --measure MPOR --cell-a a --cell-b b --cell-c c --cell-d d --study study | sed -n '/^Data of/,$p'
metapool effects pairs.csv --measure MPOR --cell-a a --cell-b b --cell-c c --cell-d d --study study --format csv
cat > change.csv <<'END'
study,m1,m2,s1,r,n
Ash,10.1,8.2,3,0.6,30
Elm,11,8,3.25,0.5,22
END
metapool effects change.csv --measure SMCR --mean1 m1 --mean2 m2 --sd1 s1 --r r --n n --study study | sed -n '/^Data of/,/^Studies/p'
metapool effects change.csv --measure SMCR --mean1 m1 --mean2 m2 --sd1 s1 --r r --n n --study study --format json | grep -A 6 '"raw"'
cat > rates.csv <<'END'
study,x1,t1,x2,t2
Ash,7,1344.5,11,1988
Elm,8,1600,8,1460
END
metapool effects rates.csv --measure IRR --events1 x1 --time1 t1 --events2 x2 --time2 t2 --study study | sed -n '/^Studies/,$p'
