for c in effects pool regress bias composition plot datasets help; do metapool help $c | sed -n 's/^  metapool/metapool/p'; done > all.sh; wc -l < all.sh; bash -e all.sh > out.txt 2> err.txt
