printf 'title: a: b\n' > a.yaml
metapool run a.yaml
