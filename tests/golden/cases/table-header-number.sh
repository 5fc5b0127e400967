printf 'study,2019,2020\nA,3,20\nB,4,40\n' | metapool effects - --study study --measure PR --events 2019 --n '"2020"' --format csv
