printf 'y,s\n0.3,0.2\n-0.1,0.25\n0.8,0.3\n' | metapool plot drapery - --yi y --sei s --ci hksj-wide --level 90 --format json --quiet
