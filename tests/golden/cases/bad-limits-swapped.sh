printf 'y,lo,hi\n1,1.5,0.5\n' | metapool pool - --yi y --ci-lower lo --ci-upper hi
