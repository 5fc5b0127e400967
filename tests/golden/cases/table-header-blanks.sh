printf '\302\240y\302\240,v \n1,2\n3,4\n' | metapool effects - --yi y --vi v --format csv
