printf 's,x1,n1,x2,n2\nA,0,10,0,12\nB,0,10,0,12\n' |
  metapool pool - --measure RR --events1 x1 --n1 n1 --events2 x2 --n2 n2 --study s
