printf 's,y,v\nA,1,1\nB,2,1\n' | metapool pool - --vi v --yi "$(printf '(%.0s' {1..5000})y"
