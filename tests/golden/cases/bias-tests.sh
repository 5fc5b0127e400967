cp "$DATA/bcg.csv" .
bcg="bcg.csv --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --study trial"
metapool bias $bcg --test all | sed -n '/^Tests/,$p'
metapool bias $bcg | sed -n '/^Tests/,/^The mean/p'
metapool bias $bcg --egger-model mixed --predictor ninv --test egger --ci wald --tau2 DL | sed -n '/^Tests/,/^$/p'
metapool bias $bcg --test begg --asymptotic | sed -n '/^Tests/,$p'
metapool bias $bcg --format csv --test schwarzer,peters -q
