metapool --version
