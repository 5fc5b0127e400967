printf 'y,se\n1,0\n2,1\n' | metapool pool - --yi y --sei se
