printf 'trial,y,v\nA,0.1,0.02\nB,0.3,0.04\n' | gzip > table.gz
{ head -c 30 table.gz | metapool effects - --yi y --vi v; } || echo "status $?"
{ { head -c 12 table.gz; printf '\377\377\377\377'; tail -c 20 table.gz; } | metapool effects - --yi y --vi v; } || echo "status $?"
{ { echo 'y,v'; yes 0.1,0.2 | head -c 70000000; } | gzip | metapool effects - --yi y --vi v; } || echo "status $?"
{ { echo 'y,v'; head -c 70000000 /dev/zero | tr '\0' 1; } | gzip | metapool effects - --yi y --vi v; } || echo "status $?"
