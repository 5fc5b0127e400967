printf 'PK\003\004\024\000rest' | metapool pool - --yi y --vi v
