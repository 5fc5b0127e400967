# A theme changes the colours of a figure and nothing else.
options="$DATA/bcg.csv --measure RR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg"
bare() { sed 's/#[0-9a-f]\{6\}/#/g'; }
metapool plot forest $options | bare > default
for theme in greyscale high-contrast dark; do
  metapool plot forest $options --theme $theme > "$theme.svg"
  bare < "$theme.svg" | cmp - default && echo "$theme: the same drawing"
  grep -o 'class="\(page\|label\|square\|diamond-random\)".* fill="#[0-9a-f]*"' "$theme.svg" |
    sed 's/class="\([a-z-]*\)".*fill=/\1 /' | sort -u
done
metapool plot forest $options --theme purple || echo "exit status $?"
