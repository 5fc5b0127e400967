{ echo y,v; for i in $(seq 25); do echo "x$i,1"; done; } | metapool pool - --yi y --vi v
