printf 'x;n\n12;1,234\n3;40\n' | metapool pool - --measure PLO --events x --n n
