metapool composition --help
