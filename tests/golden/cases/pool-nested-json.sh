cp "$DATA/schools.csv" .
metapool pool schools.csv --yi yi --vi vi --nested district/school --where 'district < 20' --format json
