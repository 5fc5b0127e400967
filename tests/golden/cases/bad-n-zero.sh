printf 'x,n\n3,50\n0,0\n' | metapool pool - --measure PLO --events x --n n
