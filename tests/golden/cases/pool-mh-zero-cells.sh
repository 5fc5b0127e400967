cat > trials.csv <<'END'
study,treated,control
A,0,0
B,0,4
C,3,5
D,5,9
END
options='--measure OR --events1 treated --n1 20 --events2 control --n2 20 --method mh --study study'
# As they are, log -1.0986; 0.5 in the cells of study B, log -1.0488.
for add in '' '--mh-add 0.5' '--keep00'; do
  echo "== $add"
  metapool pool trials.csv $options $add --quiet > out.txt
  grep -A1 '^Common effect' out.txt
  grep -o 'the common effect takes.*\|tau2 is 0.*' out.txt
done
# No event among the treated: no finite ratio, but a difference.
printf 'study,treated,control\nA,0,2\nB,0,4\n' > none.csv
metapool pool none.csv $options > none.txt
sed -n '/^Common effect  *odds/,/^Random/p; /^There is no/p; /^Q,/p; /no finite/,/--mh-add/p' none.txt
