metapool run -o results
