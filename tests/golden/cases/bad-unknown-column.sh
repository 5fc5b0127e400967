printf 'deaths,patients\n1,20\n' | metapool pool - --measure PLO --events death --n patients
