printf 's,x,n,N\nA,1,10,20\nB,2,30,40\n' | metapool effects - --measure PLO --events x --n 'n + 1'
