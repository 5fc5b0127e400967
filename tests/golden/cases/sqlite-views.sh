database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
database a.db "CREATE TABLE t (y, v); INSERT INTO t VALUES (0.1, 0.02), (0.26, 0.04);
  CREATE VIEW rounded AS SELECT round(y, 1) AS y, abs(v) AS v FROM t;
  CREATE VIEW again AS SELECT y, v, y FROM t;
  CREATE VIEW noise AS SELECT random() AS y, v FROM t;
  CREATE VIEW today AS SELECT julianday('now') AS y, v FROM t;
  CREATE VIEW loader AS SELECT load_extension('x') AS y, v FROM t;
  CREATE VIEW stale AS SELECT z AS y, v FROM t;
  CREATE VIEW endless AS WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x)
    SELECT sum(i) AS y, 1 AS v FROM x;
  CREATE VIEW bomb AS WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x)
    SELECT i AS y, 1 AS v, hex(zeroblob(4000000)) AS z FROM x;
  CREATE VIEW large AS SELECT 1 AS y, 1 AS v, hex(zeroblob(9000000)) AS z;
  CREATE VIEW larger AS SELECT 1 AS y, 1 AS v, zeroblob(70000000) AS z;
  CREATE TABLE empty (y, v);
  PRAGMA writable_schema = ON;
  INSERT INTO sqlite_master VALUES ('table', 'search', 'search', 0,
    'CREATE VIRTUAL TABLE search USING fts5(y, v)')"
for name in rounded again noise today loader stale endless bomb large larger search empty; do
  metapool effects a.db --table $name --yi y --vi v --format csv || echo "status $?"
done
