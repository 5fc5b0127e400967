/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table_test.h"

#include <stdlib.h>

static const char studies[] =
    "study,product,deaths,patients,Non-relapse mortality,n,N\n"
    "A,Ide-cel,7,269,0.1,12,1\n"
    "\n"
    "B,Liso-cel,0,100,0.2,12O,2\n"
    "C,,30,172,0.3,13,3\n";

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

typedef struct refusal {
    const char *expression;
    const char *part; /* of the message */
} refusal;

static mtp_error refuse(const char *expression, mtp_status status)
{
    mtp_values *values = NULL;
    mtp_error err = {0};
    mtp_status got = mtp_table_evaluate(table, expression, &values, &err);

    if (got != status) {
        print_error("%s: %s\n", expression, err.message);
    }
    assert_int_equal(got, status);
    assert_int_equal(err.status, status);
    assert_null(values);
    return err;
}

static void check(size_t n, const refusal cases[], mtp_status status)
{
    for (size_t i = 0; i < n; i++) {
        mtp_error err = refuse(cases[i].expression, status);

        assert_contains(err.message, cases[i].part);
    }
}

#define CHECK(cases, status) check(sizeof(cases) / sizeof((cases)[0]), cases, status)

static void unknown_columns_are_bad_data(void **state)
{
    static const refusal cases[] = {
        {"patiens", "there is no column 'patiens'; did you mean 'patients'?"},
        {"deaths / patiens", "in \"deaths / patiens\": there is no column 'patiens'"},
        {"\"patiens\" + 1", "did you mean 'patients'?"},
        {"deaths / zzz", "The columns are: study, product, deaths, patients, Non-rel"},
        {"\"Ide-cel\" = product",
         "there is no column 'Ide-cel' (text stands in single"},
        {"product = Liso", "text stands in single quotes"},
        {"Non-relapse mortalty", "did you mean 'Non-relapse mortality'?"},
        {"rowid", "there is no column 'rowid'"},
        {"_rowid_ + 1", "there is no column"},
        {"data.deaths", "there is no column 'data.deaths'"},
        {"sqlite_schema.name", "there is no column"},
        {"1 + N", "ambiguous: there are the columns 'n' and 'N'; write the one that"},
        {"patients + n", "ambiguous"},
    };

    (void)state;
    CHECK(cases, MTP_E_DATA);
    assert_string_equal(refuse("patiens", MTP_E_DATA).source, "t.csv");
}

/* The delimiter is another one: the header is one column. */
static void unsplit_headers_are_told_so(void **state)
{
    static const char *const texts[] = {"x|n\n1|2\n", "\"x,n\"\n\"1,2\"\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mtp_table *unsplit = read_text(texts[i]);
        mtp_values *values = NULL;
        mtp_error err;

        assert_int_equal(mtp_table_evaluate(unsplit, "x", &values, &err), MTP_E_DATA);
        assert_contains(err.message, "there is no column 'x'");
        assert_contains(err.message, "its delimiter may be another one");
        mtp_table_free(unsplit);
    }
}

static void text_is_no_number(void **state)
{
    static const refusal cases[] = {
        {"product = 3",
         "column 'product' (text, as \"Ide-cel\" on line 2) is compared"},
        {"3 = product", "a number is compared with column 'product'"},
        {"product < 3", "is compared"},
        {"deaths > '3'", "column 'deaths' (numbers) is compared with text"},
        {"'3' <= deaths", "is compared"},
        {"product = deaths", "is compared"},
        {"deaths IS 'x'", "is compared"},
        {"deaths IN (1, 'x')", "is compared"},
        {"product NOT IN (1)", "is compared"},
        {"deaths BETWEEN 'a' AND 3", "is compared"},
        {"product BETWEEN 'a' AND 3", "is compared"},
        {"CASE product WHEN 1 THEN 2 END", "is compared"},
        {"min(product, 3)", "is compared"},
        {"nullif(deaths, 'x')", "is compared"},
        {"(product) = (1 + 1)", "is compared"},
        {"deaths + 1 > 'x' || 'y'", "is compared"},
        {"coalesce(product, 1) = 1", "a mixture of numbers and text is compared"},
        {"CASE WHEN deaths THEN 'x' ELSE 1 END = 'x'", "is compared"},
        {"product + 1",
         "column 'product' (text, as \"Ide-cel\" on line 2) stands where"},
        {"1 - product", "stands where a number is needed"},
        {"deaths * product", "stands where a number is needed"},
        {"deaths / '3'", "text stands where a number is needed"},
        {"deaths % product", "stands where a number is needed"},
        {"-product", "stands where a number is needed"},
        {"abs(product)", "stands where a number is needed"},
        {"ln(upper(product))", "stands where a number is needed"},
        {"round(deaths, 'x')", "stands where a number is needed"},
        {"substr(product, 'x')", "stands where a number is needed"},
        {"product AND deaths", "stands where a condition is needed"},
        {"NOT product", "stands where a condition is needed"},
        {"CASE WHEN product THEN 1 END", "stands where a condition is needed"},
        {"iif('x', 1, 2)", "stands where a condition is needed"},
    };
    mtp_table *typo = read_text("n,m\n1,1\n\n12O,2\n");
    mtp_error err = {0};
    mtp_values *values;

    (void)state;
    CHECK(cases, MTP_E_DATA);
    assert_string_equal(refuse("1 + product", MTP_E_DATA).column, "product");
    /* the cell that made a column of numbers text is shown */
    assert_int_equal(mtp_table_evaluate(typo, "n / m", &values, &err), MTP_E_DATA);
    assert_contains(err.message, "column 'n' (text, as \"12O\" on line 4)");
    mtp_table_free(typo);
}

static void results_must_be_finite(void **state)
{
    static const struct {
        const char *expression, *part;
        size_t line;
    } cases[] = {
        {"deaths * 1e308 * 1e308", "the expression gives infinity", 2},
        {"-1e308 * patients", "the expression gives infinity", 2},
        {"ln(deaths)", "ln(0) is not a finite number", 4},
        {"sqrt(deaths - 7)", "sqrt(-7) is not a finite number", 4},
        {"exp(deaths * 100)", "exp(3000) is not a finite number", 5},
        {"mod(1, deaths)", "mod(1, 0) is not a finite number", 4},
        {"pow(deaths, -1)", "pow(0, -1) is not a finite number", 4},
        {"'1e' || '999'", "the expression gives infinity", 2},
        {"CAST(study AS REAL)", "\"A\" is not a number", 2},
        {"CAST(n AS REAL)", "\"12O\" is not a number", 4},
    };
    mtp_table *t =
        read_text("study,deaths,patients,n\nA,7,269,12\n\nB,0,1,12O\nC,30,2,1\n");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_values *values = NULL;
        mtp_error err = {0};

        assert_int_equal(mtp_table_evaluate(t, cases[i].expression, &values, &err),
                         MTP_E_DATA);
        assert_contains(err.message, cases[i].part);
        assert_int_equal(err.line, cases[i].line);
        assert_string_equal(err.source, "t.csv");
        assert_string_equal(err.column, cases[i].expression);
    }
    mtp_table_free(t);
}

static void functions_are_a_list(void **state)
{
    static const refusal cases[] = {
        {"log(deaths)", "the function log is refused: say ln (natural) or log10"},
        {"LOG(2, deaths)", "say ln (natural) or log10"},
        {"sum(deaths)", "sees one row at a time"},
        {"count(*)", "sees one row at a time"},
        {"avg(deaths)", "sees one row at a time"},
        {"total(deaths)", "sees one row at a time"},
        {"group_concat(study, ',')", "sees one row at a time"},
        {"max(deaths)", "max with one argument is refused"},
        {"min(deaths)", "min with one argument is refused"},
        {"row_number() OVER ()", "sees one row at a time"},
        {"max(deaths, 1) OVER ()", "windows are refused"},
        {"max(deaths, 1) FILTER (WHERE 1)", "windows are refused"},
        {"random()", "the same input must always give the same result"},
        {"randomblob(5)", "the same input must always give the same result"},
        {"date('now')", "dates are not available"},
        {"strftime('%Y', 'now')", "dates are not available"},
        {"CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP is refused"},
        {"zeroblob(1000000000)", "the function zeroblob is not available"},
        {"hex(product)", "not available"},
        {"printf('%d', 1)", "not available"},
        {"format('%.*c', 1000000000, 'x')", "not available"},
        {"char(65)", "not available"},
        {"load_extension('x')", "not available"},
        {"readfile('x')", "not available"},
        {"fts3_tokenizer('x')", "not available"},
        {"sqlite_version()", "not available"},
        {"mtp_to_text(1)", "not available"},
        {"rond(deaths)", "did you mean round?"},
        {"round()", "the function round has too few arguments"},
        {"round(1, 2, 3)", "the function round has too many arguments"},
        {"pi(1)", "too many arguments"},
        {"coalesce(1)", "too few arguments"},
        {"iif(1, 2)", "too few arguments"},
        {"product REGEXP 'x'", "REGEXP and MATCH are not available"},
        {"product MATCH 'x'", "REGEXP and MATCH are not available"},
    };

    (void)state;
    CHECK(cases, MTP_E_ARG);
}

static void one_expression_and_no_more(void **state)
{
    static const refusal cases[] = {
        {"", "an expression is empty"},
        {"  -- nothing", "an expression is empty"},
        {"deaths +", "the expression ends too early"},
        {"(deaths", "the expression ends too early"},
        {"deaths)", "syntax error at )"},
        {"deaths patients", "syntax error at patients"},
        {"deaths, patients", "syntax error at ,"},
        {"(deaths, patients)", "syntax error at ,"},
        {"deaths AS x", "syntax error at AS"},
        {"* 2", "syntax error at *"},
        {"*", "syntax error at *"},
        {"round(deaths,)", "syntax error at )"},
        {"deaths IN ()", "syntax error at )"},
        {"1 + + * 2", "syntax error at *"},
        {"CASE END", "syntax error at END"},
        {"deaths > AND 1", "syntax error at AND"},
        {"CASE WHEN 1 THEN 2", "the expression ends too early"},
        {"product -> 'x'", "syntax error at ->"},
        {"product COLLATE evil", "syntax error at evil"},
        {"deaths; DROP TABLE data", "a semicolon: there is one expression or query"},
        {";", "a semicolon"},
        {"1) FROM data; --", "syntax error at )"},
        {"1) FROM data --", "syntax error at )"},
        {"1), (2", "syntax error at )"},
        {"1) + (2", "syntax error at )"},
        {"1 FROM data WHERE 1", "syntax error at FROM"},
        {"deaths ORDER BY 1", "syntax error at ORDER"},
        {"deaths /* never closed", "a comment is opened and never closed"},
        {"'never closed", "a quote or bracket is not closed"},
        {"\"never closed", "a quote or bracket is not closed"},
        {"[never closed", "a quote or bracket is not closed"},
        {"?", "parameters are refused"},
        {"?1 + 1", "parameters are refused"},
        {":x", "parameters are refused"},
        {"@x", "parameters are refused"},
        {"$x", "parameters are refused"},
        {"x'00'", "blobs are refused"},
        {"CAST(deaths AS BLOB)", "CAST is to REAL, INTEGER or TEXT only"},
        {"12abc", "neither a number nor a name"},
        {"1.2.3", "not a number"},
        {"0x10", "neither a number nor a name"},
        {"1e400", "beyond the largest number"},
        {"deaths \\ 2", "means nothing"},
        {"deaths ! 2", "means nothing"},
        {"SELECT 1", "SELECT is refused"},
        {"(SELECT 1)", "SELECT is refused"},
        {"deaths + (SELECT 1 FROM data)", "SELECT is refused"},
        {"EXISTS (SELECT 1)", "EXISTS is refused"},
        {"deaths IN (SELECT 1)", "SELECT is refused"},
        {"deaths IN data", "IN needs a list in parentheses"},
        {"deaths IN pragma_table_list", "IN needs a list in parentheses"},
        {"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x "
         "FROM c",
         "WITH is refused"},
        {"VALUES (1)", "VALUES is refused"},
        {"ATTACH 'x.db' AS y", "ATTACH is refused"},
        {"PRAGMA writable_schema = 1", "PRAGMA is refused"},
        {"DELETE FROM data", "DELETE is refused"},
        {"INSERT INTO data VALUES (1)", "INSERT is refused"},
        {"UPDATE data SET deaths = 0", "UPDATE is refused"},
        {"DROP TABLE data", "DROP is refused"},
        {"CREATE TABLE x(y)", "CREATE is refused"},
        {"\xFF", "not UTF-8"},
    };

    (void)state;
    CHECK(cases, MTP_E_ARG);
}

static char *repeat(const char *head, const char *body, size_t n, const char *tail)
{
    size_t step = strlen(body), at = strlen(head);
    char *text = malloc(at + n * step + strlen(tail) + 1);

    assert_non_null(text);
    memcpy(text, head, at);
    for (size_t i = 0; i < n; i++, at += step) {
        memcpy(text + at, body, step);
    }
    memcpy(text + at, tail, strlen(tail) + 1);
    return text;
}

/* Deep, long and swelling expressions end soon, in an error. */
static void runaways_are_stopped(void **state)
{
    static const struct {
        const char *head, *body;
        size_t n;
        const char *tail;
        mtp_status status;
    } cases[] = {
        {"", "(", 60000, "1", MTP_E_ARG},
        {"", "- ", 30000, "1", MTP_E_ARG},
        {"", "NOT ", 15000, "1", MTP_E_ARG},
        {"", "abs(", 16000, "1", MTP_E_ARG},
        {"", "CASE ", 13000, "1", MTP_E_ARG},
        {"", "1 BETWEEN ", 6500, "1", MTP_E_ARG},
        {"1", "+1", 30000, "", MTP_E_ARG},
        {"1", " ", 70000, "", MTP_E_ARG},
        {"coalesce(1", ",1", 200, ")", MTP_E_ARG},
        /* 16^9 bytes, were there no limit */
        {"", "replace(", 9,
         "'aaaaaaaaaaaaaaaa', 'a', 'aaaaaaaaaaaaaaaa')"
         ", 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa'), 'a', "
         "'aaaaaaaaaaaaaaaa')"
         ", 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa'), 'a', "
         "'aaaaaaaaaaaaaaaa')"
         ", 'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa')",
         MTP_E_DATA},
        {"product LIKE '", "%a", 500, "'", MTP_E_DATA},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = repeat(cases[i].head, cases[i].body, cases[i].n, cases[i].tail);

        (void)refuse(text, cases[i].status);
        free(text);
    }
}

/* SQLite's own parser is less deep than ours: its refusal is told in the same words. */
static void deep_expressions_are_told_so(void **state)
{
    static const struct {
        const char *body, *tail;
    } cases[] = {{"~", "1"}, {"- ", "1"}, {"(", "1"}, {"abs(", "1"}, {"NOT ", "1"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t depth = 20; depth < 110; depth++) {
            char *open = repeat("", cases[i].body, depth, cases[i].tail);
            bool closes = strchr(cases[i].body, '(') != NULL;
            char *text = repeat(open, ")", closes ? depth : 0, "");
            mtp_values *values = NULL;
            mtp_error err = {0};

            if (mtp_table_evaluate(table, text, &values, &err) != MTP_OK) {
                assert_int_equal(err.status, MTP_E_ARG);
                assert_non_null(strstr(err.message, "nested too deeply"));
            }
            mtp_values_free(values);
            free(text);
            free(open);
        }
    }
}

static void long_conditions_are_fine(void **state)
{
    char *text = repeat("0", " OR deaths = 7", 900, "");
    char *list = repeat("deaths IN (0", ", 7", 10000, ")");
    mtp_values *values = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(mtp_table_evaluate(table, text, &values, &err), MTP_OK);
    assert_true(mtp_values_column(values)->number[0] == 1.0);
    mtp_values_free(values);
    assert_int_equal(mtp_table_evaluate(table, list, &values, &err), MTP_OK);
    mtp_values_free(values);
    free(text);
    free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_columns_are_bad_data),
        cmocka_unit_test(unsplit_headers_are_told_so),
        cmocka_unit_test(text_is_no_number),
        cmocka_unit_test(results_must_be_finite),
        cmocka_unit_test(functions_are_a_list),
        cmocka_unit_test(one_expression_and_no_more),
        cmocka_unit_test(runaways_are_stopped),
        cmocka_unit_test(deep_expressions_are_told_so),
        cmocka_unit_test(long_conditions_are_fine),
    };

    return cmocka_run_group_tests_name("table.refusals", tests, read_studies,
                                       free_studies);
}
