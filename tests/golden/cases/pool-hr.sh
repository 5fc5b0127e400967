# Hazard ratios as papers print them: two decimals, one level of 90 % would be --input-level.
cat > trials.csv <<'END'
trial,hr,lower,upper
Adams,0.63,0.49,0.81
Brown,0.80,0.62,1.03
Chen,0.71,0.50,1.15
Diaz,1.10,0.85,1.42
END
metapool pool trials.csv --measure HR --estimate hr --ci-lower lower --ci-upper upper --study trial -q
