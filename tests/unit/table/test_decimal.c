/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

static mtp_status parse(const char *text, char delimiter, char decimal,
                        mtp_table **table, mtp_error *err)
{
    mtp_table_options options;

    mtp_table_options_init(&options, sizeof options);
    options.delimiter = delimiter;
    options.decimal = decimal;
    *table = NULL;
    *err = (mtp_error){0};
    return mtp_table_parse_csv("t.csv", text, strlen(text), &options, table, NULL, err);
}

static mtp_table *read_comma(const char *text)
{
    mtp_table *table;
    mtp_error err;

    assert_int_equal(parse(text, 0, ',', &table, &err), MTP_OK);
    return table;
}

static void commas_are_decimal_marks(void **state)
{
    static const char *const texts[] = {
        "study;x\nA;0,5\nB;\xE2\x88\x92"
        "1,25e1\nC; 7 \nD;,5\nE;NA\n",
        "study\tx\nA\t0,5\nB\t\xE2\x88\x92"
        "1,25e1\nC\t 7 \nD\t,5\nE\t.\n",
    };
    static const double want[] = {0.5, -12.5, 7, 0.5, (double)NAN};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mtp_table *table = read_comma(texts[i]);
        const mtp_column *x = column_of(table, "x");

        assert_int_equal(x->type, MTP_NUMBER);
        for (size_t row = 0; row < 5; row++) {
            assert_close(x->number[row], want[row], 0, 0);
        }
        assert_string_equal(x->text[0], "0,5");
        mtp_table_free(table);
    }
}

static void one_column_needs_no_delimiter(void **state)
{
    mtp_table *table = read_comma("x\n1,5\n2,5\n");

    (void)state;
    assert_int_equal(mtp_table_columns(table), 1);
    assert_close(column_of(table, "x")->number[1], 2.5, 0, 0);
    mtp_table_free(table);
}

static void commas_between_fields_are_refused(void **state)
{
    mtp_table *table;
    mtp_error err;

    (void)state;
    assert_int_equal(parse("a,b\n1,2\n", 0, ',', &table, &err), MTP_E_ARG);
    assert_contains(err.message, "the header is delimited by commas");
    assert_int_equal(parse("a;b\n1;2\n", ',', ',', &table, &err), MTP_E_ARG);
    assert_contains(err.message, "cannot be both decimal mark and delimiter");
    assert_int_equal(parse("a;b\n1;2\n", 0, ';', &table, &err), MTP_E_ARG);
    assert_null(table);
    /* as many commas as semicolons, and more semicolons */
    assert_int_equal(parse("a;b,c\n1;2\n", 0, ',', &table, &err), MTP_OK);
    mtp_table_free(table);
}

static void points_are_no_numbers(void **state)
{
    static const struct {
        const char *cell, *message;
    } cases[] = {
        {"1.234", "write 1,234, or no point if it separates thousands"},
        {"1.234,5", "one has digits and a decimal comma, no other mark"},
        {"1,234,5", "one has digits and a decimal comma, no other mark"},
        {"12,5*", "one has digits and a decimal comma, no other mark"},
        {"<0,05", "but a bound"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        mtp_table *table;
        mtp_error err = {0};

        (void)snprintf(text, sizeof text, "x;y\n%s;1\n", cases[i].cell);
        table = read_comma(text);
        assert_int_equal(
            mtp_table_require_numbers(table, column_of(table, "x"), NULL, &err),
            MTP_E_DATA);
        assert_contains(err.message, cases[i].message);
        assert_contains(err.message, cases[i].cell);
        mtp_table_free(table);
    }
}

static void an_overflow_is_told(void **state)
{
    mtp_table *table;
    mtp_error err;

    (void)state;
    assert_int_equal(parse("x;y\n1,5e400;1\n", 0, ',', &table, &err), MTP_E_DATA);
    assert_int_equal(err.line, 2);
    assert_contains(err.message, "beyond the largest number");
}

/* Text made of numbers, and numbers made of text, have the mark of the table; numbers
 * in an expression have SQL's point. */
static void expressions_keep_the_mark(void **state)
{
    static const struct {
        const char *expression, *text;
        double number;
    } cases[] = {
        {"x + 0.25", "0,75", 0.75},
        {"x || ''", "0,5", 0.5},
        {"CAST(x AS TEXT)", "0,5", 0.5},
        {"replace(mark, '*', '')", "1,25", 1.25},
        {"CAST(replace(mark, '*', '') AS REAL) * 2", "2,5", 2.5},
        {"CASE WHEN x < 1 THEN x ELSE 'many' END", "0,5", 0.5},
    };
    mtp_table *table = read_comma("x;mark\n0,5;1,25*\n");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_values *values = NULL;
        mtp_error err = {0};

        assert_int_equal(mtp_table_evaluate(table, cases[i].expression, &values, &err),
                         MTP_OK);
        assert_int_equal(mtp_values_column(values)->type, MTP_NUMBER);
        assert_string_equal(mtp_values_column(values)->text[0], cases[i].text);
        assert_close(mtp_values_column(values)->number[0], cases[i].number, 0, 0);
        mtp_values_free(values);
    }
    mtp_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_are_decimal_marks),
        cmocka_unit_test(one_column_needs_no_delimiter),
        cmocka_unit_test(commas_between_fields_are_refused),
        cmocka_unit_test(points_are_no_numbers),
        cmocka_unit_test(an_overflow_is_told),
        cmocka_unit_test(expressions_keep_the_mark),
    };

    return cmocka_run_group_tests_name("table.decimal", tests, NULL, NULL);
}
