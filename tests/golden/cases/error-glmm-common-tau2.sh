metapool pool "$DATA/bcg.csv" --measure OR --cell-a tpos --cell-b tneg --cell-c cpos --cell-d cneg --method glmm --model cm.al --tau2-scope common --by alloc
