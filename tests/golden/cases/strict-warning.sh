printf 'y,v\n0.10,0.01\n0.11,0.01\n0.12,0.01\n' | metapool pool - --yi y --vi v --strict > out.txt
