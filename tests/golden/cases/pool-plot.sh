bcg() { metapool pool "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg "$@"; }
bcg --study trial --plot --charset unicode | sed -n '/^Forest/,$p'
bcg --study trial --by alloc --plot --charset ascii | sed -n '/^Forest/,$p'
echo "--- the locale says which"
for locale in C en_US.UTF-8 de_DE.utf8 en_US.ISO-8859-1; do env -u LD_PRELOAD LC_ALL=$locale metapool pool "$DATA/bcg.csv" --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --plot | sed -n '/^Prediction interval.*[[╞]=*/p' | tail -1; done
echo "--- Markdown, and formats that have none"
bcg --where "tpos < 5" --plot --format markdown | sed -n '/^```/,$p'
bcg --plot --format json || echo "exit status $?"
bcg --plot --output out.csv || echo "exit status $?"
metapool regress "$DATA/bcg.csv" --measure RR --plot || echo "exit status $?"
