printf 'x,n\n3,50\n41,40\n' | metapool pool - --measure PLO --events x --n n
