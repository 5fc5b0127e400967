printf 'study,x,n\nA,3,20\nA,3,20\n' | metapool effects - --study study --measure PR --events x --n n --format csv
