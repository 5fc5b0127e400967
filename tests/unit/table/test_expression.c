/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/c_number.h"
#include "table_test.h"

#include <stdlib.h>

static const char studies[] = "study,product,deaths,patients,rate %,year,empty\n"
                              "A 2020,Ide-cel,7,269,2.5,2019,\n"
                              "B 2021,Liso-cel,0,100,,2020,\n"
                              "C 2022,,30,172,1.5,,\n"
                              "\"D\n2022\",Axi-cel,,50,4,2022,NA\n";

enum { ROWS = 4 };

static mtp_table *table;

static int read_studies(void **state)
{
    (void)state;
    table = read_text(studies);
    return 0;
}

static int free_studies(void **state)
{
    (void)state;
    mtp_table_free(table);
    return 0;
}

static mtp_values *evaluate(const mtp_table *t, const char *expression)
{
    mtp_values *values = NULL;
    mtp_error err = {0};

    if (mtp_table_evaluate(t, expression, &values, &err) != MTP_OK) {
        print_error("%s: %s\n", expression, err.message);
        fail();
    }
    return values;
}

static void assert_numbers(const char *expression, const double want[ROWS])
{
    mtp_values *values = evaluate(table, expression);
    const mtp_column *column = mtp_values_column(values);

    assert_int_equal(column->type, MTP_NUMBER);
    assert_int_equal(column->rows, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        if (!mtp_test_close(column->number[i], want[i], TOL0, 0)) {
            print_error("%s\n", expression);
        }
        assert_close(column->number[i], want[i], TOL0, 0);
        assert_int_equal(column->missing[i], isnan(want[i]));
        assert_int_equal(column->text[i] == NULL, isnan(want[i]));
        if (column->text[i]) {
            assert_true(c_strtod(column->text[i], NULL) == column->number[i]);
        }
    }
    mtp_values_free(values);
}

static void assert_texts(const char *expression, const char *const want[ROWS])
{
    mtp_values *values = evaluate(table, expression);
    const mtp_column *column = mtp_values_column(values);

    assert_int_equal(column->type, MTP_TEXT);
    assert_null(column->number);
    assert_string_equal(column->name, expression);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(column->missing[i], want[i] == NULL);
        assert_int_equal(column->text[i] == NULL, want[i] == NULL);
        if (want[i]) {
            assert_string_equal(column->text[i], want[i]);
        }
    }
    mtp_values_free(values);
}

#define NA ((double)NAN)

typedef struct number_case {
    const char *expression;
    double want[ROWS];
} number_case;

static void check_numbers(size_t n, const number_case cases[])
{
    for (size_t i = 0; i < n; i++) {
        assert_numbers(cases[i].expression, cases[i].want);
    }
}

#define CHECK_NUMBERS(cases) check_numbers(sizeof(cases) / sizeof((cases)[0]), cases)

/* A header that equals the text is that column: no SQL, the text as written. */
static void headers_are_columns(void **state)
{
    mtp_table *t = read_text("n,n + 1,\"a \"\"b\"\"\",select,log(n)\n07,x,2,3,4\n");
    static const char *const names[] = {"n", "n + 1", "a \"b\"", "select", "log(n)"};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        mtp_values *values = evaluate(t, names[i]);
        const mtp_column *column = mtp_values_column(values);

        assert_string_equal(column->name, names[i]);
        assert_ptr_equal(column->text, mtp_table_column(t, i)->text);
        assert_ptr_equal(column->number, mtp_table_column(t, i)->number);
        mtp_values_free(values);
    }
    mtp_table_free(t);
}

/* Numbers are REAL: 7 / 269 of two columns is no integer division. NULL is missing. */
static void arithmetic_is_real(void **state)
{
    static const number_case cases[] = {
        {"deaths / patients", {7.0 / 269.0, 0, 30.0 / 172.0, NA}},
        {"deaths/patients*100", {7.0 / 269.0 * 100, 0, 30.0 / 172.0 * 100, NA}},
        {"patients - deaths", {262, 100, 142, NA}},
        {"-deaths + 1", {-6, 1, -29, NA}},
        {"- -deaths", {7, 0, 30, NA}},
        {"2 + 3 * 4", {14, 14, 14, 14}},
        {"(2 + 3) * 4", {20, 20, 20, 20}},
        {"7 / 269", {7.0 / 269.0, 7.0 / 269.0, 7.0 / 269.0, 7.0 / 269.0}},
        {"1 / 2 / 2 * 4", {1, 1, 1, 1}},
        {"9 % 5 / 8", {0.5, 0.5, 0.5, 0.5}},
        {"12 / 8 % 5 - 1", {0, 0, 0, 0}}, /* % takes whole parts, as in SQL */
        {"(1 = 1) / 2", {0.5, 0.5, 0.5, 0.5}},
        {"length('abc') / 2", {1.5, 1.5, 1.5, 1.5}},
        {"CAST(7.9 AS INTEGER) / 2", {3.5, 3.5, 3.5, 3.5}},
        {"1 / 0", {NA, NA, NA, NA}},
        {"7.0 / 2", {3.5, 3.5, 3.5, 3.5}},
        {"patients % 7", {3, 2, 4, 1}},
        {"patients / deaths", {269.0 / 7, NA, 172.0 / 30, NA}}, /* x / 0 is NULL */
        {"year - 2000", {19, 20, NA, 22}},
        {"PATIENTS", {269, 100, 172, 50}},
        {"\"rate %\" / 100", {0.025, NA, 0.015, 0.04}},
        {"[rate %] * 2", {5, NA, 3, 8}},
        {"`rate %` * 2", {5, NA, 3, 8}},
        {"\"deaths\" + patients", {276, 100, 202, NA}},
        {"1e3 + .5 + 5.", {1005.5, 1005.5, 1005.5, 1005.5}},
        {"NULL", {NA, NA, NA, NA}},
        {"deaths + NULL", {NA, NA, NA, NA}},
        {"empty + 1", {NA, NA, NA, NA}},
        {"deaths -- of any cause\n + 1", {8, 1, 31, NA}},
        {"deaths --", {7, 0, 30, NA}},
        {"deaths /* of any cause */ + 1", {8, 1, 31, NA}},
        {"6 & 3 | 8", {10, 10, 10, 10}},
        {"1 << 3 >> 1", {4, 4, 4, 4}},
        {"~5", {-6, -6, -6, -6}},
    };

    (void)state;
    CHECK_NUMBERS(cases);
}

static void conditions_are_zero_and_one(void **state)
{
    static const number_case cases[] = {
        {"deaths > 5", {1, 0, 1, NA}},
        {"deaths >= 7 AND patients < 200", {0, 0, 1, NA}},
        {"deaths = 0 OR patients == 50", {0, 1, 0, 1}},
        {"deaths <> 7", {0, 1, 1, NA}},
        {"deaths != 7", {0, 1, 1, NA}},
        {"NOT deaths > 5", {0, 1, 0, NA}},
        {"NOT NOT deaths", {1, 0, 1, NA}},
        {"deaths IS NULL", {0, 0, 0, 1}},
        {"deaths IS NOT NULL", {1, 1, 1, 0}},
        {"deaths ISNULL", {0, 0, 0, 1}},
        {"deaths NOTNULL", {1, 1, 1, 0}},
        {"deaths NOT NULL", {1, 1, 1, 0}},
        {"deaths IS 7", {1, 0, 0, 0}},
        {"deaths IS NOT 7", {0, 1, 1, 1}},
        {"deaths BETWEEN 1 AND 10", {1, 0, 0, NA}},
        {"deaths NOT BETWEEN 1 AND 10 AND 1", {0, 1, 1, NA}},
        {"deaths IN (0, 7)", {1, 1, 0, NA}},
        {"deaths NOT IN (0, 7)", {0, 0, 1, NA}},
        {"product = 'Ide-cel'", {1, 0, NA, 0}},
        {"product IN ('Ide-cel', 'Axi-cel')", {1, 0, NA, 1}},
        {"product LIKE '%i%-CEL'", {1, 1, NA, 1}},
        {"product NOT LIKE 'i%'", {0, 1, NA, 1}},
        {"product GLOB 'I*'", {1, 0, NA, 0}},
        {"study LIKE '%!_%' ESCAPE '!'", {0, 0, 0, 0}},
        {"product = 'ide-cel' COLLATE NOCASE", {1, 0, NA, 0}},
        {"product COLLATE NOCASE = 'ide-cel'", {1, 0, NA, 0}},
        {"product < study", {0, 0, NA, 1}},
        {"true AND NOT false", {1, 1, 1, 1}},
        {"empty = 'x'", {NA, NA, NA, NA}},
        {"empty > 1 OR empty IS NULL", {1, 1, 1, 1}},
        {"1 < 2 = 1", {1, 1, 1, 1}},
        {"1 = 1 OR 1 = 1 AND 0 = 1", {1, 1, 1, 1}},
    };

    (void)state;
    CHECK_NUMBERS(cases);
}

static void choices_choose(void **state)
{
    static const number_case cases[] = {
        {"coalesce(deaths, 0)", {7, 0, 30, 0}},
        {"ifnull(year, patients)", {2019, 2020, 172, 2022}},
        {"iif(deaths > 5, deaths, -1)", {7, -1, 30, -1}},
        {"nullif(deaths, 0)", {7, NA, 30, NA}},
        {"max(deaths, 10)", {10, 10, 30, NA}},
        {"min(deaths, patients, 5)", {5, 0, 5, NA}},
        {"CASE WHEN deaths > 5 THEN 1 WHEN deaths = 0 THEN 2 ELSE 3 END", {1, 2, 1, 3}},
        {"CASE product WHEN 'Ide-cel' THEN 1 WHEN 'Axi-cel' THEN 2 END",
         {1, NA, NA, 2}},
        {"case when deaths > 0 then ln(deaths / 7) else 0 end",
         {0, 0, 1.4552872326068420178, 0}}, /* ln(30 / 7) by mpmath */
    };
    static const char *const mixed[] = {"7", "none", "30", NULL};
    static const char *const text[] = {"few", "none", "many", NULL};

    (void)state;
    CHECK_NUMBERS(cases);
    assert_texts("CASE WHEN deaths = 0 THEN 'none' ELSE deaths END", mixed);
    assert_texts("CASE WHEN deaths > 10 THEN 'many' WHEN deaths > 0 THEN 'few' "
                 "WHEN deaths IS NOT NULL THEN 'none' END",
                 text);
}

/* Values by mpmath at 25 digits for the double nearest to 0.3. */
static void mathematics_is_there(void **state)
{
    static const struct {
        const char *expression;
        double want;
    } cases[] = {
        {"ln(0.3)", -1.2039728043259360296},
        {"log10(0.3)", -0.52287874528033756270},
        {"log2(0.3)", -1.7369655941662061664},
        {"exp(0.3)", 1.3498588075760031040},
        {"sqrt(0.3)", 0.54772255750516611346},
        {"sin(0.3)", 0.29552020666133957511},
        {"cos(0.3)", 0.95533648912560601964},
        {"tan(0.3)", 0.30933624960962323304},
        {"asin(0.3)", 0.30469265401539750797},
        {"acos(0.3)", 1.2661036727794991113},
        {"atan(0.3)", 0.29145679447786709200},
        {"sinh(0.3)", 0.30452029344714261896},
        {"cosh(0.3)", 1.0453385141288604850},
        {"tanh(0.3)", 0.29131261245159090582},
        {"asinh(0.3)", 0.29567304756342244391},
        {"acosh(2.5)", 1.5667992369724110787},
        {"atanh(0.3)", 0.30951960420311171547},
        {"pow(0.3, 2.5)", 0.04929503017546494565},
        {"power(0.3, 2.5)", 0.04929503017546494565},
        {"atan2(0.3, 2)", 0.14888994760949724516},
        {"pi()", 3.1415926535897932385},
        {"mod(7.5, 2)", 1.5},
        {"abs(-3.5)", 3.5},
        {"sign(-3.5)", -1},
        {"round(2.567, 1)", 2.6},
        {"round(2.5)", 3},
        {"floor(-2.5)", -3},
        {"ceil(-2.5)", -2},
        {"ceiling(2.5)", 3},
        {"trunc(-2.5)", -2},
        {"LN(1)", 0},
        {"ln (1)", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_values *values = evaluate(table, cases[i].expression);

        assert_close(mtp_values_column(values)->number[0], cases[i].want, TOL1, 0);
        mtp_values_free(values);
    }
}

/* Numbers in text are written in their shortest form, not as 2019.0. */
static void text_is_made(void **state)
{
    static const char *const joined[] = {"Ide-cel (2019)", "Liso-cel (2020)", NULL,
                                         "Axi-cel (2022)"};
    static const char *const sums[] = {"n=276", "n=100", "n=202", NULL};
    static const char *const upper[] = {"IDE-CEL", "LISO-CEL", NULL, "AXI-CEL"};
    static const char *const part[] = {"cel", "cel", NULL, "cel"};
    static const char *const type[] = {"real", "real", "null", "real"};
    static const number_case numbers[] = {
        {"length(year)", {4, 4, NA, 4}},
        {"length(product)", {7, 8, NA, 7}},
        {"instr(product, '-')", {4, 5, NA, 4}},
        {"year LIKE '%9'", {1, 0, NA, 0}},
        {"year LIKE 20 || '%'", {1, 1, NA, 1}},
        {"year || '' = '2019'", {1, 0, NA, 0}},
        {"CAST(year AS TEXT) = '2019'", {1, 0, NA, 0}},
    };

    (void)state;
    assert_texts("product || ' (' || year || ')'", joined);
    assert_texts("'n=' || (deaths + patients)", sums);
    assert_texts("upper(product)", upper);
    assert_texts("substr(product, -3)", part);
    assert_texts("substring(product, instr(product, '-') + 1, 3)", part);
    assert_texts("typeof(year)", type);
    CHECK_NUMBERS(numbers);
}

/* A result that is text is read like a cell: years cut from labels are numbers. */
static void text_results_are_typed(void **state)
{
    static const number_case cases[] = {
        {"substr(study, -4)", {2020, 2021, 2022, 2022}},
        {"replace('1' || '2*', '*', '')", {12, 12, 12, 12}},
        {"CAST(substr(study, -4) AS INTEGER) - 2000", {20, 21, 22, 22}},
        {"CAST(deaths / 2 AS INTEGER)", {3, 0, 15, NA}},
        {"CAST('  ' AS REAL)", {NA, NA, NA, NA}},
        {"trim('  ')", {NA, NA, NA, NA}},
        {"iif(deaths > 5, '.', '1e3')", {NA, 1000, NA, 1000}},
    };

    (void)state;
    CHECK_NUMBERS(cases);
}

/* Words of SQL, signs, quotes, functions' names: any header can be named. */
static void odd_names_work(void **state)
{
    mtp_table *t = read_text("group,order,values,a.b,\"q\"\"q\",round,case,"
                             "\xC3\xA4"
                             "ge,x-y,TRUE,$1\n"
                             "x,1,2,3,4,5,6,7,8,9,10\n");
    static const struct {
        const char *expression;
        double want;
    } cases[] = {
        {"group = 'x'", 1},  {"order + 1", 2},      {"values + 1", 3},
        {"\"a.b\" + 1", 4},  {"\"q\"\"q\" + 1", 5}, {"round(round + 1)", 6},
        {"\"case\" + 1", 7}, {"\xC3\xA4ge + 1", 8}, {"[x-y] + 1", 9},
        {"true + 1", 10},    {"[$1] + 1", 11},      {"\"GROUP\" = 'x'", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_values *values = evaluate(t, cases[i].expression);

        assert_true(mtp_values_column(values)->number[0] == cases[i].want);
        mtp_values_free(values);
    }
    mtp_table_free(t);
}

/* More columns than SQLite takes in a table, and many of them in one expression. */
static void wide_tables_work(void **state)
{
    enum { COLUMNS = 3000, USED = 300 };
    char *text = malloc(COLUMNS * 12), *sum = malloc(USED * 12);
    size_t at = 0, end = 0;
    mtp_table *t;
    mtp_values *values;

    (void)state;
    assert_true(text && sum);
    for (size_t i = 0; i < COLUMNS; i++) {
        at += (size_t)snprintf(text + at, 12, "%sc%zu", i ? "," : "", i);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        at += (size_t)snprintf(text + at, 12, "%c%zu", i ? ',' : '\n', i);
    }
    t = read_text(text);
    for (size_t i = 0; i < USED; i++) {
        end += (size_t)snprintf(sum + end, 12, "%sc%zu", i ? " + " : "", 10 * i);
    }
    values = evaluate(t, sum);
    assert_true(mtp_values_column(values)->number[0] == 10.0 * USED * (USED - 1) / 2);
    mtp_values_free(values);
    mtp_table_free(t);
    free(text);
    free(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_columns),
        cmocka_unit_test(arithmetic_is_real),
        cmocka_unit_test(conditions_are_zero_and_one),
        cmocka_unit_test(choices_choose),
        cmocka_unit_test(mathematics_is_there),
        cmocka_unit_test(text_is_made),
        cmocka_unit_test(text_results_are_typed),
        cmocka_unit_test(odd_names_work),
        cmocka_unit_test(wide_tables_work),
    };

    return cmocka_run_group_tests_name("table.expression", tests, read_studies,
                                       free_studies);
}
