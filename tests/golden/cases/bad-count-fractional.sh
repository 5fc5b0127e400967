printf 'x,n\n3.5,50\n4,40\n' | metapool pool - --measure PLO --events x --n n
