metapool help measures | grep -n -A 3 'Two groups: events of n\|^One group: mean'
metapool help smd
metapool help --markdown measures | grep '`MPOR`'
metapool help MEASURE
