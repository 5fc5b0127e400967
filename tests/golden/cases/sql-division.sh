# No division is one of integers: ln(7 / 269), with its variance 1 / 7 - 1 / 269.
printf 'x,n\n7,269\n' | metapool effects - --yi 'ln(7 / 269)' --vi '1 / x - 1 / n' --format csv
