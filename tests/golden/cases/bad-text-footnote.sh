printf 'x,n\n12*,50\n3,40\n' | metapool pool - --measure PLO --events x --n n
