printf '\n  \n\n' | metapool pool - --yi y --vi v
