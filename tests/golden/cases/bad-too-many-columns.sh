yes c | head -n 32768 | paste -sd, | metapool pool - --yi y --vi v
