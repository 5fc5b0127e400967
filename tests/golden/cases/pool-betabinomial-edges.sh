printf 'x,n\n0,4\n3,3\n0,2\n5,5\n' | metapool pool - --measure PLO --events x --n n --method betabinomial | sed -n '/^Pooled/,$p'
printf 'x,n\n5,50\n10,100\n8,80\n' | metapool pool - --measure PLO --events x --n n --method betabinomial | sed -n '/^Pooled/,$p'
printf 'x,n\n2,4\n' | metapool pool - --measure PLO --events x --n n --method betabinomial | sed -n '/^Pooled/,$p'
