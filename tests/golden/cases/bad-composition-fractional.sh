printf 'c,k\na,3.5\nb,1\n' | metapool composition - --category c --count k
