printf 'y;v\n"1.234,5";1\n1_000;1\n1 234;1\n0x10;1\n1e;1\n1/2;1\n2020-01-02;1\nTRUE;1\n$5;1\n5 \xe2\x82\xac;1\n12\xe2\x80\xa0;1\n12 (4);1\n\xc2\xbd;1\n=5;1\n' | metapool pool - --yi y --vi v
