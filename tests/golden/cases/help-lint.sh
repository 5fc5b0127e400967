metapool help lint
