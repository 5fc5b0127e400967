database() { "$PYTHON" -c "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])" "$@"; }
status() { metapool effects "$@" --yi y --vi v --format csv || echo "status $?"; }
database a.db "PRAGMA page_size = 512; CREATE TABLE t (y, v); INSERT INTO t VALUES (0.1, 0.02)"
head -c 16 a.db > magic.db
head -c 512 a.db > page.db
head -c 1000 a.db > cut.db
{ head -c 16 a.db; yes garbage | head -c 2032; } > garbage.db
{ head -c 512 a.db; yes garbage | head -c 512; } > inside.db
for name in magic page cut garbage inside; do
  status $name.db
done
cp a.db wal.db && printf 7 > wal.db-wal && status wal.db
cp a.db hot.db && printf '\331\325\005\371' > hot.db-journal && status hot.db
cp a.db quiet.db && head -c 512 /dev/zero > quiet.db-journal && : > quiet.db-wal && status quiet.db
