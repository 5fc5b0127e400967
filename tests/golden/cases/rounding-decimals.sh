# Decimals of numbers with exponents, and of SQLite columns, whose numbers have their shortest form
cat > numbers.csv <<'END'
study,y,s
A,1.20e-1,5e-2
B,0.3,6.0E-2
C,25e-2,4e-02
END
metapool pool numbers.csv --yi y --sei s --rounding bounds --quiet | sed -n '/^Decimals/p;/^Inputs/p'
metapool pool numbers.csv --yi y --sei s --rounding bounds --quiet --decimals-of y=1 --decimals-of s=exact | sed -n '/^Decimals/,/^Inputs/p'
metapool pool numbers.csv --yi y --sei s --vi s --rounding bounds --quiet | sed -n '/^Decimals/p'
python3 - <<'END'
import sqlite3
c = sqlite3.connect('numbers.db')
c.execute('create table t (study text, y real, s real, printed text)')
c.executemany('insert into t values (?, ?, ?, ?)',
              [('A', 0.12, 1e-05, '1.20'), ('B', 0.3, 2.5e-05, '0.30'), ('C', 0.25, 3e-05, '0.250')])
c.commit()
END
metapool pool numbers.db --yi y --sei s --rounding bounds --quiet | sed -n '/^Decimals/p'
metapool pool numbers.db --yi printed --sei y --rounding bounds --quiet | sed -n '/^Decimals/p'

# a column that is named twice
metapool pool numbers.csv --yi y --sei s --rounding bounds --quiet --decimals-of y=1 --decimals-of y=1 | sed -n '/^Decimals/p'
metapool pool numbers.csv --yi y --sei s --rounding bounds --quiet --decimals-of y=1 --decimals-of y=exact || echo "status $?"
metapool pool numbers.csv --yi y --sei s --rounding bounds --quiet --decimals-of y=1 --decimals-of s=2 --decimals-of y=3 || echo "status $?"
