printf 'study,deaths,patients\nA,3,50\nB,NA,40\nC,5,\nD,2,31\n' | metapool pool - --measure PLO --events deaths --n patients --study study
