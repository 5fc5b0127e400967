printf '\xef\xbb\xbfstudy,x,n\r\nA,3,20\rB,4,40\n\r\nC,5,50' | metapool effects - --study study --measure PR --events x --n n --format csv
