# Levels: a missing one, one group alone, effects that share all groups, expressions, a
# column whose name holds the mark.
cat > effects.csv <<'END'
lab,paper,a/b,yi,vi
x,p1,1,0.31,0.02
x,p1,2,0.12,0.05
x,p2,3,0.44,0.01
x,p3,4,-0.20,0.04
x,p3,5,0.05,0.08
x,,6,0.61,0.03
END
for levels in paper lab/paper/a 'paper/("a/b" % 10)' a/b 'paper || lab'; do
  echo "== $levels"
  metapool pool effects.csv --yi yi --vi vi --nested "$levels" | sed -n '/^Left out/,/^$/p; /^Variance/,$p'
done
