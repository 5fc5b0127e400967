printf 's,x,n\nA,3,50\nB,41,40\n' | metapool pool - --measure PLO --events x --n n --study s
