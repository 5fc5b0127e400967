printf 'y,lo,hi\n1,0.5,1.5\n2,0.5,1.5\n' | metapool pool - --yi y --ci-lower lo --ci-upper hi
