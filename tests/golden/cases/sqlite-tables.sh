database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
effects() { metapool effects "$@" --study trial --yi y --vi v --format csv || echo "status $?"; }
database one.db "CREATE TABLE results (trial, y REAL, v REAL);
  INSERT INTO results VALUES ('A', 0.1, 0.02), ('B', 0.3, 0.04)"
database three.db "CREATE TABLE arms (trial, n); CREATE TABLE results (trial, y REAL, v REAL);
  INSERT INTO results VALUES ('A', 0.1, 0.02), ('B', 0.3, 0.04), ('C', 9, 0.01);
  CREATE VIEW \"main results\" AS SELECT * FROM results WHERE y < 1"
database none.db "CREATE TABLE t (a); DROP TABLE t"
effects one.db
effects one.db --table RESULTS
effects three.db --table 'main results'
effects three.db
effects three.db --table result
effects three.db --table x
effects three.db --table arms
effects none.db
effects none.db --table t
metapool effects one.db --yi y --vi w || echo "status $?"
