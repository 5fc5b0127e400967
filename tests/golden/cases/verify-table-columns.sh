# All that is wrong with the patterns of a table of claims is told with the other errors of the file
printf 'study,y,s\na,1,0.2\nb,2,0.3\n' > trials.csv
printf 'id,analysis,estimate,lower\na,one,0.5,0.2\n' > claims.csv
cat > analysis.yaml <<'END'
title: Columns that there are none of
data: {trials: {file: trials.csv}}
analyses:
  one: {command: pool, options: {yi: y, sei: s, studdy: study}}
claims:
  - table: claims.csv
    rows: estimat > 0
    id: "{idd} {{ of {study}"
    analysis: "{analysi}"
    claims:
      - {quantity: "overall.random.{estimat}", column: estimaate, where: "p {page} {lower"}
      - {quantity: overall.common.estimate, column: lower, expected: "{row}"}
  - {id: z, analysis: two, quantity: "overall..x", printed: "abc"}
  - {table: none.csv, claims: [{quantity: x, column: y}]}
END
metapool verify analysis.yaml
