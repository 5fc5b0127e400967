printf 'x,t\n1,10\n2,0\n' | metapool pool - --measure IRLN --events x --time t
