printf 'trial;y;v\nA;0.1;0.02\nB;0.3;0.04\n' | metapool pool - --yi y --vi v --study trial --format csv
