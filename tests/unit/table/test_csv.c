/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

static void assert_two_rows(const mtp_table *table)
{
    assert_int_equal(mtp_table_rows(table), 2);
    assert_int_equal(mtp_table_columns(table), 3);
    assert_string_equal(cell_of(table, "study", 0), "A");
    assert_string_equal(cell_of(table, "study", 1), "B");
    assert_true(column_of(table, "n")->number[0] == 10.0);
    assert_true(column_of(table, "n")->number[1] == 20.5);
    assert_string_equal(cell_of(table, "note", 1), "-");
}

/* The same table in many dresses: line ends, delimiters, marks, no last line end. */
static void forms_of_one_table_are_equal(void **state)
{
    static const struct {
        const char *text;
        size_t line[2];
    } forms[] = {
        {"study,n,note\nA,10,x\nB,20.5,\n", {2, 3}},
        {"study,n,note\r\nA,10,x\r\nB,20.5,\r\n", {2, 3}},
        {"study,n,note\rA,10,x\rB,20.5,\r", {2, 3}},
        {"study,n,note\r\nA,10,x\rB,20.5,\n", {2, 3}},
        {"study,n,note\nA,10,x\nB,20.5,", {2, 3}},
        {"study;n;note\nA;10;x\nB;20.5;\n", {2, 3}},
        {"study\tn\tnote\nA\t10\tx\nB\t20.5\t\n", {2, 3}},
        {"\xEF\xBB\xBFstudy,n,note\nA,10,x\nB,20.5,\n", {2, 3}},
        {"\xEF\xBB\xBF\"study\",n,note\nA,10,x\nB,20.5,\n", {2, 3}},
        {"\"study\",\"n\",\"note\"\n\"A\",\"10\",\"x\"\n\"B\",\"20.5\",\"\"", {2, 3}},
        {"\n\nstudy,n,note\n\nA,10,x\n\r\n\rB,20.5,\n\n\n", {5, 8}},
        {"   \nstudy, n ,note\nA, 10 ,x\n  \nB,\t20.5,  \n \n", {3, 5}},
        {"study,n,note\r\n\r\nA,10,x\r\n\r\nB,20.5,\r\n", {3, 5}},
        {"study,n,note\nA,10,\"x\n\ny\"\nB,20.5,\n", {2, 5}},
        {"study,n,note\nA,10,\"x\r\ny\rz\"\r\nB,20.5,\n", {2, 5}},
        {"\"study\",n,\"note\"\nA,10,\"\n\"\n\n\nB,20.5,NA\n", {2, 6}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        mtp_table *table = read_text(forms[i].text);

        assert_two_rows(table);
        for (size_t row = 0; row < 2; row++) {
            assert_int_equal(mtp_table_line(table, row), forms[i].line[row]);
        }
        mtp_table_free(table);
    }
}

static void quoted_text_is_kept(void **state)
{
    mtp_table *table = read_text("id,text\n"
                                 "1,\"a, b\"\n"
                                 "2,\"say \"\"hi\"\"\"\n"
                                 "3,\"two\r\nlines\"\n"
                                 "4, blanks stay \n"
                                 "5,\"\"\"\"\n"
                                 "6,\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n"
                                 "7,\" x\"\n");

    (void)state;
    assert_string_equal(cell_of(table, "text", 0), "a, b");
    assert_string_equal(cell_of(table, "text", 1), "say \"hi\"");
    assert_string_equal(cell_of(table, "text", 2), "two\r\nlines");
    assert_string_equal(cell_of(table, "text", 3), " blanks stay ");
    assert_string_equal(cell_of(table, "text", 4), "\"");
    assert_string_equal(cell_of(table, "text", 5),
                        "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_string_equal(cell_of(table, "text", 6), " x");
    assert_int_equal(mtp_table_line(table, 3), 6);
    mtp_table_free(table);
}

/* Most frequent in the header, outside quotes; the tie goes to the comma. */
static void delimiter_is_found(void **state)
{
    static const struct {
        const char *header;
        size_t columns;
    } cases[] = {
        {"a,b,c\n1,2,3\n", 3},
        {"a;b;c,d\n1;2;3\n", 3},
        {"a\tb\tc;d\n1\t2\t3\n", 3},
        {"a;b,c\n1;2,3\n", 2},
        {"a;\"b,c,d\"\n1;2\n", 2},
        {"\"a;b;c\",d\n1,2\n", 2},
        {"\"a\n;;;\",d\n1,2\n", 2},
        {"\n  \na;b\n1;2\n", 2},
        {"a\n1\n", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_table *table = read_text(cases[i].header);

        assert_int_equal(mtp_table_columns(table), cases[i].columns);
        mtp_table_free(table);
    }
}

static void delimiter_is_given(void **state)
{
    static const char text[] = "a,b|c\n1,5|2\n";
    mtp_table_options options;
    mtp_table *table;
    mtp_error err;

    (void)state;
    mtp_table_options_init(&options, sizeof options);
    options.delimiter = '|';
    assert_int_equal(
        mtp_table_parse_csv("t", text, strlen(text), &options, &table, NULL, NULL),
        MTP_OK);
    assert_int_equal(mtp_table_columns(table), 2);
    assert_string_equal(cell_of(table, "a,b", 0), "1,5");
    mtp_table_free(table);

    options.delimiter = '"';
    assert_int_equal(
        mtp_table_parse_csv("t", text, strlen(text), &options, &table, NULL, &err),
        MTP_E_ARG);
}

/* A caller built against a shorter options struct is not read past its end. */
static void short_options_have_defaults(void **state)
{
    static const char text[] = "a;b\n1;x\n";
    mtp_table_options options = {.delimiter = '|'};
    mtp_table *table;

    (void)state;
    options.size = sizeof options.size;
    assert_int_equal(
        mtp_table_parse_csv("t", text, strlen(text), &options, &table, NULL, NULL),
        MTP_OK);
    assert_int_equal(mtp_table_columns(table), 2);
    mtp_table_free(table);
}

static void names_are_exact(void **state)
{
    mtp_table *table = read_text(" a ,N,n,\"x y\"\n1,2,3,4\n");

    (void)state;
    assert_string_equal(mtp_table_column(table, 0)->name, "a");
    assert_true(column_of(table, "N")->number[0] == 2.0);
    assert_true(column_of(table, "n")->number[0] == 3.0);
    assert_non_null(mtp_table_find(table, "x y"));
    assert_null(mtp_table_find(table, "A"));
    assert_null(mtp_table_find(table, ""));
    mtp_table_free(table);
}

/* Blocks are 64 KiB: rows, quotes, CRLF and characters lie across their ends. */
static void blocks_leave_no_trace(void **state)
{
    enum { ROWS = 7000, ROW = 24 };
    static char text[ROWS * ROW + 64];

    (void)state;
    for (size_t shift = 0; shift < ROW; shift++) {
        size_t at =
            (size_t)snprintf(text, sizeof text, "%*s,b\r\n", (int)shift + 1, "a");
        mtp_table *table;

        for (size_t i = 0; i < ROWS; i++) {
            at += (size_t)snprintf(text + at, sizeof text - at,
                                   "%zu,\"\xC3\xA9\r\n\"\"\xE2\x82\xAC\"\r\n", i);
        }
        table = read_text(text);
        assert_int_equal(mtp_table_rows(table), ROWS);
        for (size_t i = 0; i < ROWS; i++) {
            assert_true(column_of(table, "a")->number[i] == (double)i);
            assert_string_equal(cell_of(table, "b", i), "\xC3\xA9\r\n\"\xE2\x82\xAC");
            assert_int_equal(mtp_table_line(table, i), 2 + 2 * i);
        }
        mtp_table_free(table);
    }
}

/* Expected digests from coreutils' sha256sum. */
static void bytes_are_hashed(void **state)
{
    mtp_table *table = read_text("a,b\n1,2\n");

    (void)state;
    assert_string_equal(mtp_table_sha256(table),
                        "492d5ea496056f1a6a6592241032fab764c32159"
                        "6317930b4fa0e1e8bc3b7470");
    assert_string_equal(mtp_table_source(table), "t.csv");
    mtp_table_free(table);
    table = read_text("\xEF\xBB\xBF"
                      "a;b\r\n1;2\r\n");
    assert_string_equal(mtp_table_sha256(table),
                        "d6188cfaa8fbf2a8e654f9fb18b35454644600"
                        "070dd7eda09e2984839ef13917");
    mtp_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_one_table_are_equal),
        cmocka_unit_test(quoted_text_is_kept),
        cmocka_unit_test(delimiter_is_found),
        cmocka_unit_test(delimiter_is_given),
        cmocka_unit_test(short_options_have_defaults),
        cmocka_unit_test(names_are_exact),
        cmocka_unit_test(blocks_leave_no_trace),
        cmocka_unit_test(bytes_are_hashed),
    };

    return cmocka_run_group_tests_name("table.csv", tests, NULL, NULL);
}
