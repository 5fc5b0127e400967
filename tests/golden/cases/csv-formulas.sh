# Names that a spreadsheet would calculate come out as text; numbers stay numbers.
cat > hostile.csv <<'END'
study,y,v,note
=1+1,0.1,0.01,-2.74
"=HYPERLINK(""http://example.org"")",0.2,0.01,@SUM(A1)
+cmd,-0.3,0.02,- none
-5,0.4,0.02,+5e-1
plain - name,0.5,0.03,a=b
END
metapool effects hostile.csv --study study --yi y --vi v --format csv
metapool plot forest hostile.csv --study study --yi y --vi v --right note --format csv | cut -d, -f1-3,11-
metapool sensitivity hostile.csv --study study --yi y --vi v --leave-one-out --format csv | cut -d, -f1-4
