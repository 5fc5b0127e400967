printf 'title: T\ndata: {a: {file: /tables/a.csv}}\nanalyses:\n  a: {command: pool, options: {by: [x, y], format: json}}\n  b: {extends: c}\nclaim: []\n' > a.yaml
metapool run a.yaml -o results
