/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

static void missing_words_are_missing(void **state)
{
    mtp_table *table = read_text("n,t\n"
                                 ",x\n"
                                 "  ,\n"
                                 "NA,na\n"
                                 "nan, NaN \n"
                                 "n/a,N/A\n"
                                 ".,.\n"
                                 " Na ,\t\n"
                                 "7,nab\n"
                                 "8,..\n");
    const mtp_column *n = column_of(table, "n"), *t = column_of(table, "t");

    (void)state;
    assert_int_equal(n->type, MTP_NUMBER);
    assert_int_equal(t->type, MTP_TEXT);
    assert_null(t->number);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(n->missing[i], 1);
        assert_true(isnan(n->number[i]));
        assert_null(n->text[i]);
        assert_int_equal(t->missing[i], i > 0);
    }
    assert_true(n->number[7] == 7.0 && n->number[8] == 8.0);
    assert_string_equal(cell_of(table, "t", 7), "nab");
    assert_string_equal(cell_of(table, "t", 8), "..");
    mtp_table_free(table);
}

static void missing_words_can_be_added(void **state)
{
    static const char *const words[] = {"NR", "-99", NULL};
    static const char text[] = "a,b\n1,x\nnr,NR\n -99 , nr \n4,NA\n";
    mtp_table_options options;
    mtp_table *table;

    (void)state;
    mtp_table_options_init(&options, sizeof options);
    options.missing = words;
    assert_int_equal(
        mtp_table_parse_csv("t", text, strlen(text), &options, &table, NULL, NULL),
        MTP_OK);
    assert_int_equal(column_of(table, "a")->type, MTP_NUMBER);
    assert_string_equal(cell_of(table, "a", 1), "-");
    assert_string_equal(cell_of(table, "a", 2), "-");
    assert_string_equal(cell_of(table, "a", 3), "4");
    assert_string_equal(cell_of(table, "b", 1), "-");
    assert_string_equal(cell_of(table, "b", 2), "-");
    assert_string_equal(cell_of(table, "b", 3), "-");
    mtp_table_free(table);
}

/* A spreadsheet writes -99 with the decimals of its column. */
static void missing_numbers_go_by_value(void **state)
{
    static const char *const words[] = {"-99", "9,5", NULL};
    static const char text[] = "a;b\n-99,00;x\n-9,9e1;-99,0\n9,50;9,51\n-99,01;-\n";
    mtp_table_options options;
    mtp_table *table;

    (void)state;
    mtp_table_options_init(&options, sizeof options);
    options.missing = words;
    options.decimal = ',';
    assert_int_equal(
        mtp_table_parse_csv("t", text, strlen(text), &options, &table, NULL, NULL),
        MTP_OK);
    assert_string_equal(cell_of(table, "a", 0), "-");
    assert_string_equal(cell_of(table, "a", 1), "-");
    assert_string_equal(cell_of(table, "a", 2), "-");
    assert_close(column_of(table, "a")->number[3], -99.01, 0, 0);
    assert_string_equal(cell_of(table, "b", 0), "x");
    assert_string_equal(cell_of(table, "b", 1), "-");
    assert_string_equal(cell_of(table, "b", 2), "9,51");
    mtp_table_free(table);
}

static void numbers_keep_their_text(void **state)
{
    mtp_table *table = read_text("x;y\n"
                                 "2019; 0.50\n"
                                 "\xE2\x88\x92"
                                 "1.5;1e\xE2\x88\x92"
                                 "2\n"
                                 "+3;1E3\n"
                                 "007;.5\n"
                                 "NA;\"4\"\n");
    static const double x[] = {2019, -1.5, 3, 7, (double)NAN};
    static const double y[] = {0.5, 0.01, 1000, 0.5, 4};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        assert_close(column_of(table, "x")->number[i], x[i], 0, 0);
        assert_close(column_of(table, "y")->number[i], y[i], 0, 0);
    }
    assert_string_equal(cell_of(table, "y", 0), " 0.50");
    assert_string_equal(cell_of(table, "x", 1), "\xE2\x88\x92"
                                                "1.5");
    assert_string_equal(cell_of(table, "x", 3), "007");
    mtp_table_free(table);
}

static void one_text_makes_a_text_column(void **state)
{
    static const char *const texts[] = {
        "12O", "1,234",          "1.234,5",      "12*",       "5%",
        "<1",  "0x10",           "inf",          "-Infinity", "1 2",
        "--1", "\xE2\x88\x92-1", "\xE2\x88\x92", "1e",        "1e400x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[64];
        mtp_table *table;

        (void)snprintf(text, sizeof text, "a;b\n1;2\n\"%s\";3\n", texts[i]);
        table = read_text(text);
        assert_int_equal(column_of(table, "a")->type, MTP_TEXT);
        assert_null(column_of(table, "a")->number);
        assert_string_equal(cell_of(table, "a", 0), "1");
        assert_string_equal(cell_of(table, "a", 1), texts[i]);
        assert_int_equal(column_of(table, "b")->type, MTP_NUMBER);
        mtp_table_free(table);
    }
}

static void empty_columns_are_numbers(void **state)
{
    mtp_table *table = read_text("a,b\n,1\nNA,2\n");

    (void)state;
    assert_int_equal(column_of(table, "a")->type, MTP_NUMBER);
    assert_true(isnan(column_of(table, "a")->number[1]));
    mtp_table_free(table);
}

/* An overflow in a column that is text anyway is text. */
static void overflow_in_text_is_text(void **state)
{
    mtp_table *table = read_text("a,b\n1e400,1\nx,2\n");

    (void)state;
    assert_string_equal(cell_of(table, "a", 0), "1e400");
    mtp_table_free(table);
}

static void number_columns_pass(void **state)
{
    mtp_table *table = read_text("a,b\n1,\n,\n");
    mtp_problems problems = {0};

    (void)state;
    assert_int_equal(
        mtp_table_require_numbers(table, column_of(table, "a"), &problems, NULL),
        MTP_OK);
    assert_int_equal(
        mtp_table_require_numbers(table, column_of(table, "b"), &problems, NULL),
        MTP_OK);
    assert_int_equal(problems.count, 0);
    mtp_table_free(table);
}

static void every_bad_cell_is_listed(void **state)
{
    mtp_table *table = read_text("study,n\nA,12\nB,12O\n\nC,NA\n\"D\nE\",x\nF,9\n");
    mtp_problems problems = {0};
    mtp_error err = {0};
    char shown[256];

    (void)state;
    assert_int_equal(
        mtp_table_require_numbers(table, column_of(table, "n"), &problems, &err),
        MTP_E_DATA);
    assert_int_equal(problems.count, 2);
    (void)mtp_error_format(&err, shown, sizeof shown);
    assert_string_equal(shown,
                        "t.csv:3: column 'n': \"12O\" is not a number; is 120 meant?");
    assert_int_equal(problems.item[1].line, 6);
    assert_contains(problems.item[1].message, "\"x\" is not a number");
    mtp_table_free(table);
}

/* What is wrong, and what would fix it. */
static void complaints_say_what_to_do(void **state)
{
    static const struct {
        const char *cell, *part;
    } cases[] = {
        {"12%", "remove the percent sign"},
        {"12.5 %", "remove the percent sign"},
        {"<0.05", "a bound"},
        {"> 5", "a bound"},
        {"\xE2\x89\xA4 1", "a bound"},
        {"12*", "remove '*' after 12"},
        {"12 **", "remove '**' after 12"},
        {"12a", "remove 'a' after 12"},
        {"-1.5b", "remove 'b' after -1.5"},
        {"12\xE2\x80\xA0", "remove '\xE2\x80\xA0' after 12"},
        {"5 (10%)", "remove '(10%)' after 5"},
        {"12[3]", "remove '[3]' after 12"},
        {"1,234", "write 1234, or 1.234 if the comma is a decimal mark"},
        {"-1,234", "write -1234, or -1.234"},
        {"1,234,567", "write 1234567, without separators"},
        {"1,234.5", "write 1234.5, without separators"},
        {"1 234", "write 1234, without separators"},
        {"1\xC2\xA0"
         "234",
         "write 1234, without separators"},
        {"1 234", "; there is a space"},
        {"1\xE2\x80\xAF\x32\x33\x34\xC2\xA0",
         "write 1234, without separators; there is a narrow no-break space (U+202F)"},
        {"12\xE2\x80\x89\x33\x34\x35", "; there is a thin space (U+2009)"},
        {"0,5", "write 0.5, with a decimal point"},
        {"12,75", "write 12.75, with a decimal point"},
        {"1.234,5", "write 1234.5, with a decimal point and without separators"},
        {"-1.234.567,25", "write -1234567.25, with a decimal point"},
        {"1'234", "write 1234, without separators"},
        {"1\xE2\x80\x99\x32\x33\x34", "write 1234, without separators"},
        {"1_000", "write 1000, without separators"},
        {"\xE2\x80\x93\x35", "a dash is no minus sign: write -5"},
        {"\xE2\x80\x94.5", "\xE2\x80\x94.5\" is not a number"},
        {"\xE2\x80\x94\x30.5", "a dash is no minus sign: write -0.5"},
        {"\xD9\xA1\xD9\xA2", "write 12, with the digits 0 to 9"},
        {"\xEF\xBC\x91.\xEF\xBC\x95", "write 1.5, with the digits 0 to 9"},
        {"\xE2\x80\x8B\x31\x32", "cannot be seen (U+200B); type it anew"},
        {"1\xC2\xAD\x32.5", "cannot be seen (U+00AD)"},
        {"NR", "if it means missing, leave the cell empty or say --missing 'NR'"},
        {"n.a.", "or say --missing 'n.a.'"},
        {" Not Reported", "or say --missing 'Not Reported'"},
        {"-", "or say --missing '-'"},
        {"\xE2\x80\x94", "or say --missing '\xE2\x80\x94'"},
        {"#DIV/0!", "the error of a formula; repair it in the spreadsheet"},
        {"\xE2\x88\x9E", "not a finite number"},
        {"5 \xE2\x82\xAC", "remove '\xE2\x82\xAC' after 5"},
        {"12\xC2\xB9", "remove '\xC2\xB9' after 12"},
        {"1e", "remove 'e' after 1"},
        {"~12", "remove '~' before 12"},
        {"$5.5", "remove '$' before 5.5"},
        {"=5", "remove '=' before 5"},
        {"\xE2\x80\xA0*-3", "remove '\xE2\x80\xA0*' before -3"},
        {"\xE2\x89\x88\xE2\x88\x92\x35",
         "remove '\xE2\x89\x88' before \xE2\x88\x92\x35"},
        {"'40'", "write 40, without quotes"},
        {"\xE2\x80\x9C-4.5\xE2\x80\x9D", "write -4.5, without quotes"},
        {"'5", "remove ''' before 5"},
        {"40\x1A", "cannot be seen (U+001A)"},
        {"12O", "is 120 meant?"},
        {"l5", "is 15 meant?"},
        {"inf", "not a finite number"},
        {"-Infinity", "not a finite number"},
        {"1e400", "beyond the largest number"},
        {"LBCL", "\"LBCL\" is not a number"},
        {"a\x1B[31mb", "\"a?[31mb\" is not a number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        mtp_table *table;
        mtp_error err = {0};

        (void)snprintf(text, sizeof text, "n\n\"%s\"\nz z\n", cases[i].cell);
        table = read_text(text);
        assert_int_equal(
            mtp_table_require_numbers(table, column_of(table, "n"), NULL, &err),
            MTP_E_DATA);
        assert_int_equal(err.line, 2);
        assert_contains(err.message, cases[i].part);
        mtp_table_free(table);
    }
}

/* No advice where a second number follows, or where there is nothing to advise. */
static void plain_complaints_stay_plain(void **state)
{
    static const char *const cells[] = {
        "1-2",   "12/50",    "1.2.3", "2020-01-05", "5 of 12",
        "1,2,3", "1,23,456", "(12)",  "~x",         "1 2",
        "0x10",  "--5",      "1/2",   "TRUE",       "$-",
        "1d5",   "5e0.5",    "1e 5",  "''",         "\xE2\x89\x88\xE2\x80\x93\x35"};

    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char text[64], want[64];
        mtp_table *table;
        mtp_error err = {0};

        (void)snprintf(text, sizeof text, "n\n\"%s\"\n", cells[i]);
        (void)snprintf(want, sizeof want, "\"%s\" is not a number", cells[i]);
        table = read_text(text);
        assert_int_equal(
            mtp_table_require_numbers(table, column_of(table, "n"), NULL, &err),
            MTP_E_DATA);
        assert_string_equal(err.message, want);
        mtp_table_free(table);
    }
}

static void long_cells_are_cut(void **state)
{
    char text[400] = "n\n";
    mtp_table *table;
    mtp_error err = {0};

    (void)state;
    for (size_t i = 0; i < 90; i++) {
        strcat(text, "\xC3\xA9");
    }
    table = read_text(text);
    assert_int_equal(
        mtp_table_require_numbers(table, column_of(table, "n"), NULL, &err),
        MTP_E_DATA);
    assert_contains(err.message, "\xC3\xA9...\" is not a number");
    assert_true(strlen(err.message) < 90);
    mtp_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_words_are_missing),
        cmocka_unit_test(missing_words_can_be_added),
        cmocka_unit_test(missing_numbers_go_by_value),
        cmocka_unit_test(numbers_keep_their_text),
        cmocka_unit_test(one_text_makes_a_text_column),
        cmocka_unit_test(empty_columns_are_numbers),
        cmocka_unit_test(overflow_in_text_is_text),
        cmocka_unit_test(number_columns_pass),
        cmocka_unit_test(every_bad_cell_is_listed),
        cmocka_unit_test(complaints_say_what_to_do),
        cmocka_unit_test(plain_complaints_stay_plain),
        cmocka_unit_test(long_cells_are_cut),
    };

    return cmocka_run_group_tests_name("table.cells", tests, NULL, NULL);
}
