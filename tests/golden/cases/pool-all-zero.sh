printf 'x,n\n0,10\n0,25\n0,8\n' | metapool pool - --measure PLO --events x --n n
