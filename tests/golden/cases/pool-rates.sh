printf 'trial,x,t\nA,3,100\nB,5,80\nC,0,60\nD,9,150\n' | metapool pool - --study trial --measure IRLN --events x --time t
