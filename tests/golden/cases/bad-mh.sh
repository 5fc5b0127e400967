printf 'study,treated,control,n,or,lower,upper\nA,3,5,20,,,\nB,,,,0.5,0.2,1.25\n' > trials.csv
options='trials.csv --events1 treated --n1 n --events2 control --n2 n'
metapool pool $options --measure AS --method mh || echo "exit $?"
metapool pool $options --measure PETO --method mh || echo "exit $?"
metapool pool $options --measure OR --method peto || echo "exit $?"
metapool pool $options --measure RD --method peto || echo "exit $?"
metapool pool $options --measure OR --mh-add 0.5 || echo "exit $?"
metapool pool $options --measure OR --method mh --mh-add 0.5 --to none || echo "exit $?"
metapool pool $options --measure OR --method mh --mh-add half || echo "exit $?"
metapool pool $options --measure OR --method mh --estimate or --ci-lower lower --ci-upper upper || echo "exit $?"
