printf 'x,n\n3,50\n4,-40\n' | metapool pool - --measure PLO --events x --n n
