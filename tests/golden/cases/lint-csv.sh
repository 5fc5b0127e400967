metapool lint "$DATA/doubts.csv" --measure MD --mean1 mean_t --sd1 sd_t --n1 n_t --mean2 mean_c --sd2 sd_c --n2 n_c --study study --fail-on never --format csv
