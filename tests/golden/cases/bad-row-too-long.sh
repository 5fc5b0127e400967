{ echo a,b,c,d,y,v; for i in 1 2 3 4 5; do head -c 14000000 /dev/zero | tr '\0' 1; echo -n ,; done; echo 1; } | metapool pool - --yi y --vi v
