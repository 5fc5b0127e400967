printf 'trial,y,v\nA,0.1,0.02\nB,-99,0.03\nC,nr,0.04\nD,0.3,not done\nE,0.2,NA\nF,0.4,0.05\n' |
  metapool effects - --study trial --yi y --vi v --missing 'NR, -99,not done' --format csv
printf 'trial,y,v\nA,0.1,0.02\nB,NR,0.03\n' |
  metapool effects - --study trial --yi y --vi v --missing '-99' || echo "status $?"
