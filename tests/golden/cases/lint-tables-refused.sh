# The other commands refuse this table; lint reads it and says why.
printf 'study,n,n,\nA,"1,234",2,x\nB,12%%,3,y\nC,80,4\nD,NR,5,z\nE,62,6,z\n' > doubtful.csv
metapool pool doubtful.csv --measure PLO --events n --n n || echo "status $?"
metapool lint doubtful.csv || echo "status $?"
