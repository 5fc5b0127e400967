/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

typedef struct bad_input {
    const char *text;
    size_t length; /* 0: strlen */
    mtp_status status;
    size_t line;
    const char *column;
    const char *part; /* of the message */
} bad_input;

static void assert_bad(const bad_input *bad)
{
    mtp_table *table = NULL;
    mtp_problems problems = {0};
    mtp_error err = {0};
    size_t length = bad->length ? bad->length : strlen(bad->text);

    assert_int_equal(
        mtp_table_parse_csv("t.csv", bad->text, length, NULL, &table, &problems, &err),
        bad->status);
    assert_null(table);
    assert_int_equal(err.status, bad->status);
    assert_string_equal(err.source, "t.csv");
    assert_contains(err.message, bad->part);
    assert_int_equal(err.line, bad->line);
    assert_string_equal(err.column, bad->column);
    assert_true(problems.count >= 1);
    assert_string_equal(problems.item[0].message, err.message);
    assert_int_equal(problems.item[0].line, err.line);
}

static void malformed_bytes_are_named(void **state)
{
    static const bad_input bad[] = {
        {"a,b\n1,2\n3,\0\n", 12, MTP_E_SYNTAX, 3, "", "NUL"},
        {"\0", 1, MTP_E_SYNTAX, 1, "", "NUL"},
        {"a,b\n1,\xE9t\xE9\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xE9 is not UTF-8"},
        {"a,b\n1,\xC3\n", 0, MTP_E_SYNTAX, 2, "", "not UTF-8"},
        {"a,b\n1,\xC0\xAF\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xC0"},     /* overlong */
        {"a,b\n1,\xE0\x80\xAF\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xE0"}, /* overlong */
        {"a,b\n1,\xED\xA0\x80\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xED"}, /* surrogate */
        {"a,b\n1,\xF4\x90\x80\x80\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xF4"},
        {"a,b\n1,\xF5\n", 0, MTP_E_SYNTAX, 2, "", "byte 0xF5"},
        {"a,b\n1,\x80\n", 0, MTP_E_SYNTAX, 2, "", "byte 0x80"},
        {"a,b\r\n\"x\r\ny\",\xFF\r\n", 0, MTP_E_SYNTAX, 3, "", "byte 0xFF"},
        {"a,b\n1,\xE2\x82", 0, MTP_E_SYNTAX, 2, "", "inside a character"},
        {"\xFF\xFE"
         "a\0,\0b\0\n\0",
         10, MTP_E_SYNTAX, 0, "", "UTF-16 (little endian)"},
        {"\xFE\xFF\0a\0,\0b\0\n", 10, MTP_E_SYNTAX, 0, "", "UTF-16 (big endian)"},
        {"\xFF\xFE\0\0a\0\0\0", 8, MTP_E_SYNTAX, 0, "", "UTF-32 (little endian)"},
        {"{\"a\": [1]}\n", 0, MTP_E_SYNTAX, 0, "", "JSON"},
        {"[{\"a\": 1}]\n", 0, MTP_E_SYNTAX, 0, "", "JSON"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_bad(&bad[i]);
    }
}

static void malformed_csv_is_placed(void **state)
{
    static const bad_input bad[] = {
        {"a,b\n1,2\n3,\"x\ny\nz,4\n", 0, MTP_E_SYNTAX, 3, "", "never closed"},
        {"a,b\n1,\"x\n\ny\",\"\n", 0, MTP_E_SYNTAX, 4, "", "never closed"},
        {"\"a,b\n1,2\n", 0, MTP_E_SYNTAX, 1, "", "never closed"},
        {"a,b\n1,2\n3,x\"y\n", 0, MTP_E_SYNTAX, 3, "b", "double quote inside a field"},
        {"a,b\n1,2\n\"x\"y,3\n", 0, MTP_E_SYNTAX, 3, "a", "double quote inside"},
        {"a,b\n1,\"2\n3,\"4\"\n", 0, MTP_E_SYNTAX, 3, "b", "begun on line 2"},
        {"a,b\n1, \"2\"\n", 0, MTP_E_SYNTAX, 2, "b", "a blank outside the quotes"},
        {"Table 1\n\na,b\n1,2\n", 0, MTP_E_DATA, 3, "",
         "delete what stands above the header"},
        {"a,b\n1,2,3\n", 0, MTP_E_DATA, 2, "", "has 3 fields, the header has 2"},
        {"a,b\n1,2\n\n5\n", 0, MTP_E_DATA, 4, "", "has 1 field, the header has 2"},
        {"a;b\n1,5;\"2\n\"\n1;2;3\n", 0, MTP_E_DATA, 4, "", "has 3 fields"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_bad(&bad[i]);
    }
}

static void headers_are_checked(void **state)
{
    static const bad_input bad[] = {
        {"a,b,a\n1,2,3\n", 0, MTP_E_DATA, 1, "a", "in columns 1 and 3; rename one"},
        {"\n\nb, a ,a\n1,2,3\n", 0, MTP_E_DATA, 3, "a", "twice, in columns 2 and 3"},
        {"a,,c\n1,2,3\n", 0, MTP_E_DATA, 1, "",
         "column 2 has no name in the header; name it"},
        {"a,b,\n1,2,3\n", 0, MTP_E_DATA, 1, "", "column 3 has no name"},
        {"\"\"\n1\n", 0, MTP_E_DATA, 1, "", "column 1 has no name"},
        {"a,b\n", 0, MTP_E_DATA, 0, "", "header but no rows"},
        {"a,b", 0, MTP_E_DATA, 0, "", "header but no rows"},
        {"a,b\n\n  \n", 0, MTP_E_DATA, 0, "", "header but no rows"},
        {"\xEF\xBB\xBF", 0, MTP_E_DATA, 0, "", "the file is empty"},
        {"\n\r\n\n", 0, MTP_E_DATA, 0, "", "nothing but blank lines"},
    };
    mtp_table *table = NULL;
    mtp_error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_bad(&bad[i]);
    }
    assert_int_equal(mtp_table_parse_csv("t", NULL, 0, NULL, &table, NULL, &err),
                     MTP_E_DATA);
    assert_string_equal(err.message, "the file is empty");
}

/* All are counted, the first twenty kept, the first one is the error. */
static void problems_are_collected(void **state)
{
    char text[1024] = "a,b,a\n";
    mtp_table *table = NULL;
    mtp_problems problems = {0};
    mtp_error err = {0};

    (void)state;
    for (size_t i = 0; i < 30; i++) {
        strcat(text, i % 2 ? "1,2,3\n" : "1,2\n");
    }
    strcat(text, "\"");
    assert_int_equal(
        mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table, &problems, &err),
        MTP_E_DATA);
    assert_null(table);
    assert_int_equal(problems.count, 1 + 15 + 1);
    assert_contains(err.message, "twice");
    for (size_t i = 1; i < 16; i++) {
        assert_contains(problems.item[i].message, "has 2 fields, the header has 3");
        assert_int_equal(problems.item[i].line, 2 * i);
    }
    assert_int_equal(problems.item[16].status, MTP_E_SYNTAX);
    assert_int_equal(problems.item[16].line, 32);
}

static void many_problems_are_counted(void **state)
{
    char text[512] = "a,b\n";
    mtp_table *table = NULL;
    mtp_problems problems = {0};

    (void)state;
    for (size_t i = 0; i < 50; i++) {
        strcat(text, "1\n");
    }
    assert_int_equal(
        mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table, &problems, NULL),
        MTP_E_DATA);
    assert_int_equal(problems.count, 50);
    assert_int_equal(problems.item[MTP_PROBLEMS_KEPT - 1].line, MTP_PROBLEMS_KEPT + 1);
}

static void overflows_are_placed(void **state)
{
    static const char text[] = "a,b\n1,2\n\n1e400,x\n-1E+999,3\n";
    mtp_table *table = NULL;
    mtp_problems problems = {0};
    mtp_error err = {0};

    (void)state;
    assert_int_equal(
        mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table, &problems, &err),
        MTP_E_DATA);
    assert_null(table);
    assert_int_equal(problems.count, 2);
    assert_int_equal(err.line, 4);
    assert_string_equal(err.column, "a");
    assert_contains(err.message, "\"1e400\" is beyond the largest number");
    assert_int_equal(problems.item[1].line, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_bytes_are_named),
        cmocka_unit_test(malformed_csv_is_placed),
        cmocka_unit_test(headers_are_checked),
        cmocka_unit_test(problems_are_collected),
        cmocka_unit_test(many_problems_are_counted),
        cmocka_unit_test(overflows_are_placed),
    };

    return cmocka_run_group_tests_name("table.problems", tests, NULL, NULL);
}
