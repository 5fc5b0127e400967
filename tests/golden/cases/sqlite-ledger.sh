database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
database a.db "CREATE TABLE t (trial, n INTEGER, x INTEGER, arm);
  INSERT INTO t VALUES ('A', 50, 3, 'a'), ('B', NULL, 4, 'b'), ('C', 40, NULL, 'a'),
    ('D', 31, 2, NULL), ('E', 60, 5, 'a')"
pool="metapool pool a.db --measure PLO --events x --n n --study trial"
$pool --by arm --format text | sed -n '/^Excluded rows/,/^$/p'
$pool --by arm --format markdown | sed -n '/Excluded rows/,$p' | head -5
$pool --by arm --format json --quiet | sed -n '/"rows"/,/^  }/p'
$pool --where 'n > 99 OR x IS NULL' || echo "status $?"
metapool pool a.db --measure PLO --events 'x * 30' --n n --quiet || echo "status $?"
metapool composition a.db --category trial --count 'x / 2' || echo "status $?"
