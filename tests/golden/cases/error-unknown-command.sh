metapool poool x.csv
