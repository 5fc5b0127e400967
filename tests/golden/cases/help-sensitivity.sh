metapool help sensitivity | sed -n '1,/^Columns/p; /^Analyses/,/^Output/p'
