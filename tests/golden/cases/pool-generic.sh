printf 'trial,y,v\nA,0.10,0.01\nB,0.11,0.01\nC,0.12,0.01\n' | metapool pool - --study trial --yi y --vi v --null 0
