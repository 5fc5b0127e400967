{ echo y,v; head -c 17000000 /dev/zero | tr '\0' 1; echo ,1; } | metapool pool - --yi y --vi v
