printf 'y,v\n0.03,0.0016\n-1.51,0.421\n0.38,0.9147\n0.34,3.6534\n0.1,0.0236\n-1.61,0.3829\n' > two-modes.csv
metapool pool two-modes.csv --yi y --vi v --tau2 ML --tau2-ci pl --level 87 | sed -n '/^Heterogeneity/,$p'
