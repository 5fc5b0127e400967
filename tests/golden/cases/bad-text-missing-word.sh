printf 'y,v\nNR,1\nn.a.,1\n-,1\n#N/A,1\n#DIV/0!,1\nNULL,1\n\xe2\x80\x94,1\n' | metapool pool - --yi y --vi v
