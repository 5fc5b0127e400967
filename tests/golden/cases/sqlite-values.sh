database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
effects() { metapool effects "$1" --study trial --yi y --vi v --format csv "${@:2}" || echo "status $?"; }
table="CREATE TABLE t (trial, y, v); INSERT INTO t VALUES ('A', 0.5, 0.25), ('B', NULL, 0.5),"
database blob.db "$table ('C', x'FF', 0.25), (x'00', 1, 1)"
database infinite.db "$table ('C', 9e999, 0.25), ('D', -9e999, 0.25)"
database overflow.db "$table ('C', '1e400', 0.25)"
database nul.db "$table (CAST(x'410042' AS TEXT), 1, 0.25)"
database bytes.db "$table (CAST(x'41FF' AS TEXT), 1, 0.25)"
database text.db "$table ('C', '1,5', 0.25), ('D', '12O', 0.5), ('E', 1, 'n/a')"
database zero.db "$table ('C', 1, 0)"
database name.db "CREATE TABLE t (trial, y, v, \"\"); INSERT INTO t VALUES ('A', 1, 1, 1)"
database twice.db "CREATE TABLE t (trial, y, v, \" y\"); INSERT INTO t VALUES ('A', 1, 1, 1)"
for name in blob infinite overflow nul bytes text zero name twice; do
  effects $name.db
done
effects text.db --where "trial <> 'D'" --decimal ,
effects text.db --where "y > 1"
effects infinite.db --decimal ,
metapool composition text.db --category trial --count v || echo "status $?"
