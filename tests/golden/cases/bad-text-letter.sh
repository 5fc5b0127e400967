printf 'x,n\n3,50\n12O,400\n' | metapool pool - --measure PLO --events x --n n
