printf 's,a,b,c,d\nA,3,10,0,12\nB,5,10,7,12\n' > t.csv
metapool effects t.csv --measure RTET --cell-a a --cell-b b --cell-c c --cell-d d --add 0.5
metapool effects t.csv --measure RTET --cell-a a --cell-b b --cell-c c --cell-d d
