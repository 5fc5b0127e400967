printf 'x,n\n3.5,50\n4,40\n' | metapool effects - --measure PLO --events x --n n --allow-fractional
