database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
status() { "$@" --yi y --vi v --format csv || echo "status $?"; }
database a.db "CREATE TABLE t (y, v); INSERT INTO t VALUES (0.1, 0.02)"
printf 'y,v\n0.1,0.02\n' > a.csv
gzip -k a.db
status metapool effects - < a.db
cat a.db | status metapool effects - --table t
status metapool effects <(cat a.db)
status metapool effects a.db.gz
status metapool effects a.csv --table t
status metapool effects - --table t < a.csv
status metapool effects missing.db --table t
status metapool effects . --table t
status metapool effects a.db --delimiter comma
status metapool effects <(cat a.csv)
