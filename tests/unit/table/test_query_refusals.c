/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query_test.h"

/* SQLite takes the value of some row. */
static void two_values_in_a_group_are_an_error(void **state)
{
    static const struct {
        const char *sql, *column, *part;
        size_t line;
    } cases[] = {
        {"SELECT study, cause, count(*) AS k FROM data GROUP BY study", "cause",
         "it is \"malignancy\" here and \"infection\" on line 2, in the group study = "
         "\"B\"; a result needs one value a group",
         4},
        {"SELECT study, age, count(*) AS k FROM data GROUP BY study", "age",
         "it is 50 here and missing on line 3, in the group study = \"A\"", 5},
        {"SELECT study, count(*) AS k FROM data", "study",
         "it is \"A\" here and \"B\" on line 2, and without GROUP BY all rows are one",
         3},
        {"SELECT age + count(*) AS k FROM data WHERE study = 'B' GROUP BY patients",
         "age", "in the group patients = 20", 4},
        {"SELECT study FROM data GROUP BY study HAVING weight > 1", "weight",
         "it is 1 here and 0.25 on line 3", 5},
        {"SELECT study FROM data GROUP BY study ORDER BY age", "age", "in the group",
         5},
        {"SELECT DISTINCT study FROM data ORDER BY age", "age", "in the group", 5},
        {"SELECT upper(cause) AS c FROM data GROUP BY study, lower(site)", "cause",
         "in the group study = \"B\", lower(site) = \"x\"", 4},
        {"SELECT *, count(*) AS k FROM data", "study", "all rows are one group", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_error err = refuse(table, cases[i].sql, MTP_E_DATA);

        assert_contains(err.message, cases[i].part);
        assert_string_equal(err.column, cases[i].column);
        assert_int_equal(err.line, cases[i].line);
        assert_string_equal(err.source, "t.csv");
    }
}

static void check_refusals(size_t n, const query_case cases[], mtp_status status)
{
    for (size_t i = 0; i < n; i++) {
        mtp_error err = refuse(table, cases[i].sql, status);

        if (!strstr(err.message, cases[i].want)) {
            print_error("%s\n", cases[i].sql);
        }
        assert_contains(err.message, cases[i].want);
    }
}

#define CHECK_REFUSALS(cases, status)                                                  \
    check_refusals(sizeof(cases) / sizeof((cases)[0]), cases, status)

static void bad_data_is_named(void **state)
{
    static const query_case cases[] = {
        {"SELECT patiens FROM data", "there is no column 'patiens'; did you mean 'pat"},
        {"SELECT \"caues\" AS x FROM data", "there is no column 'caues'; did you mean"},
        {"SELECT study AS s FROM data WHERE \"infection\" = cause",
         "there is no column 'infection' (text stands in single quotes)"},
        {"SELECT n AS x FROM data", "the name 'n' is ambiguous: there are the columns"},
        {"SELECT study FROM data WHERE cause = 3",
         "(text, as \"infection\" on line 2) is compared with a number; write the "
         "other "
         "in single quotes, or correct the cell"},
        {"SELECT sum(cause) AS x FROM data", "stands where a number is needed"},
        {"SELECT avg(study) AS x FROM data", "stands where a number is needed"},
        {"SELECT study FROM data WHERE cause", "stands where a condition is needed"},
        {"SELECT study FROM data GROUP BY study HAVING max(cause)",
         "text stands where a condition is needed"},
        {"SELECT count(*) FILTER (WHERE cause) AS k FROM data",
         "a condition is needed"},
        {"SELECT max(CASE WHEN age > 50 THEN cause ELSE age END) AS x FROM data",
         "max of a mixture of numbers and text"},
        {"SELECT study FROM data WHERE age > 1000", "the query gives no rows"},
        {"SELECT study FROM data LIMIT 0", "the query gives no rows"},
        {"SELECT study FROM data LIMIT 5 OFFSET 6", "the query gives no rows"},
        {"SELECT count(*) AS k FROM data HAVING count(*) > 6",
         "the query gives no rows"},
        {"SELECT ln(age - 61) AS x FROM data", "ln(0) is not a finite number"},
        {"SELECT age * 1e308 AS x FROM data", "the result gives infinity"},
        {"SELECT sum(age * 1e306) AS x FROM data",
         "a sum is beyond the largest number"},
        {"SELECT CAST(cause AS REAL) AS x FROM data", "\"infection\" is not a number"},
        {"SELECT count(*) AS k FROM data WHERE k > 3",
         "'k' is a result of the query, and WHERE sees the columns of the file alone; "
         "conditions on results stand in HAVING"},
        {"SELECT study, count(*) AS deaths FROM data GROUP BY study HAVING deaths_ > 1",
         "there is no column or result 'deaths_'; did you mean 'deaths'?"},
        {"SELECT study, count(*) AS k, max(k) AS m FROM data GROUP BY study",
         "'k' is a result of the query, and an aggregate sees"},
        {"SELECT data.study FROM data", "there is no column 'data.study'"},
        {"SELECT rowid AS x FROM data", "there is no column 'rowid'"},
        {"SELECT nr AS x FROM data", "there is no column 'nr'"},
        {"SELECT c0 AS x FROM data", "there is no column 'c0'"},
    };

    (void)state;
    CHECK_REFUSALS(cases, MTP_E_DATA);
}

static void one_select_and_no_more(void **state)
{
    static const query_case cases[] = {
        {"", "a query is empty"},
        {"study", "a query is one SELECT, as: SELECT study, count(*) AS n FROM data"},
        {"SELECT", "the query ends too early"},
        {"SELECT study", "the query ends too early"},
        {"SELECT FROM data", "syntax error at FROM"},
        {"SELECT study, FROM data", "syntax error at FROM"},
        {"SELECT study deaths FROM data",
         "a comma, AS or FROM is missing before deaths"},
        {"SELECT study \"k\" FROM data", "a comma, AS or FROM is missing before \"k\""},
        {"SELECT * EXCEPT FROM data", "a comma, AS or FROM is missing before EXCEPT"},
        {"SELECT count(*) FROM data",
         "the result count(*) has no name; write AS and a name"},
        {"SELECT age + 1 FROM data", "the result age + 1 has no name"},
        {"SELECT age AS 'x' FROM data", "the name 'x' stands in double quotes"},
        {"SELECT age AS \" \" FROM data", "result 1 has an empty name"},
        {"SELECT age, study AS age FROM data", "two results have the name 'age'"},
        {"SELECT *, 1 AS study FROM data", "two results have the name 'study'"},
        {"SELECT study FROM deaths",
         "there is no table 'deaths': the file's is called"},
        {"SELECT 1 AS x FROM sqlite_schema", "there is no table 'sqlite_schema'"},
        {"SELECT 1 AS x FROM pragma_database_list", "there is no table"},
        {"SELECT 1 AS x FROM (SELECT 1)", "a query within the query is refused"},
        {"SELECT (SELECT 1) AS x FROM data", "SELECT is refused here: a query is one"},
        {"SELECT study FROM data WHERE age IN (SELECT 1)", "SELECT is refused here"},
        {"SELECT study FROM data WHERE EXISTS (SELECT 1)", "EXISTS is refused here"},
        {"SELECT study FROM data, data", "a join is refused: there is one table, data"},
        {"SELECT study FROM data JOIN data USING (study)", "a join is refused"},
        {"SELECT study FROM data NATURAL JOIN data", "a join is refused"},
        {"SELECT study FROM data AS d", "syntax error at AS"},
        {"SELECT study FROM main.data", "there is no table 'main'"},
        {"SELECT study FROM data UNION SELECT 'x'", "UNION is refused: a query is one"},
        {"SELECT study FROM data EXCEPT SELECT 'x'", "EXCEPT is refused"},
        {"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x "
         "FROM "
         "c",
         "a query is one SELECT"},
        {"VALUES (1)", "a query is one SELECT"},
        {"SELECT study FROM data;", "a semicolon: there is one expression or query"},
        {"SELECT study FROM data; DROP TABLE data", "a semicolon"},
        {"INSERT INTO data SELECT * FROM data", "a query is one SELECT"},
        {"DELETE FROM data", "a query is one SELECT"},
        {"ATTACH 'x.db' AS x", "a query is one SELECT"},
        {"PRAGMA writable_schema = 1", "a query is one SELECT"},
        {"SELECT random() AS x FROM data", "the same input must always give the same"},
        {"SELECT zeroblob(1000000000) AS x FROM data", "zeroblob is not available"},
        {"SELECT randomblob(9) AS x FROM data", "the function randomblob is refused"},
        {"SELECT x'00' AS x FROM data", "blobs are refused"},
        {"SELECT date('now') AS x FROM data", "dates are not available"},
        {"SELECT CURRENT_TIMESTAMP AS x FROM data", "CURRENT_TIMESTAMP is refused"},
        {"SELECT log(age) AS x FROM data", "say ln (natural) or log10"},
        {"SELECT mtp_one(age, 1, 1) AS x FROM data", "mtp_one is not available"},
        {"SELECT string_agg(cause, ',') AS x FROM data", "its name is group_concat"},
        {"SELECT row_number() OVER () AS x FROM data", "the function row_number is"},
        {"SELECT sum(age) OVER () AS x FROM data", "windows are refused"},
        {"SELECT abs(age) FILTER (WHERE 1) AS x FROM data", "windows are refused"},
        {"SELECT count(*) AS k FROM data WHERE count(*) > 1",
         "count cannot stand in WHERE, which sees one row at a time; conditions on"},
        {"SELECT study FROM data GROUP BY max(age)", "max cannot stand in GROUP BY"},
        {"SELECT study FROM data ORDER BY count(*)", "count cannot stand in ORDER BY"},
        {"SELECT sum(max(age)) AS x FROM data", "max stands within another"},
        {"SELECT count(*) FILTER (WHERE max(age) > 1) AS x FROM data",
         "within another"},
        {"SELECT count() AS x FROM data", "the function count has too few arguments"},
        {"SELECT sum(age, 1) AS x FROM data",
         "the function sum has too many arguments"},
        {"SELECT sum(*) AS x FROM data", "syntax error at *"},
        {"SELECT group_concat(DISTINCT cause, ';') AS x FROM data",
         "group_concat with DISTINCT takes one argument"},
        {"SELECT study FROM data GROUP BY 1",
         "GROUP BY 1 groups by no column; positions"},
        {"SELECT study, 1 AS one FROM data GROUP BY one", "GROUP BY one groups by no"},
        {"SELECT study FROM data ORDER BY 1",
         "ORDER BY 1 orders by no column; positions"},
        {"SELECT study, 2 AS two FROM data ORDER BY two", "ORDER BY two orders by no"},
        {"SELECT study, count(*) AS k FROM data GROUP BY k",
         "'k' in GROUP BY is made by an aggregate"},
        {"SELECT lower(study) AS study FROM data GROUP BY study",
         "the name 'study' in GROUP BY is ambiguous: it is a column of the file and"},
        {"SELECT study, sum(age) AS age FROM data GROUP BY study HAVING age > 1",
         "the name 'age' in HAVING is ambiguous"},
        {"SELECT study, sum(age) AS age FROM data GROUP BY study ORDER BY age",
         "the name 'age' in ORDER BY is ambiguous"},
        {"SELECT study, 1 AS k, 2 AS K FROM data ORDER BY k",
         "two results differ in case only"},
        {"SELECT study FROM data GROUP BY study COLLATE NOCASE",
         "COLLATE is refused in GROUP BY"},
        {"SELECT DISTINCT study COLLATE NOCASE FROM data",
         "COLLATE is refused in DIST"},
        {"SELECT DISTINCT 1 AS x FROM data", "DISTINCT needs a column"},
        {"SELECT DISTINCT study FROM data GROUP BY study", "DISTINCT beside groups"},
        {"SELECT DISTINCT count(*) AS k FROM data", "DISTINCT beside groups"},
        {"SELECT study FROM data HAVING age > 1", "HAVING is for groups; say WHERE"},
        {"SELECT study FROM data GROUP study", "syntax error at study"},
        {"SELECT study FROM data GROUP BY study WHERE age > 1",
         "WHERE stands too late; the order is WHERE, GROUP BY"},
        {"SELECT study FROM data LIMIT -1", "LIMIT and OFFSET take a whole number"},
        {"SELECT study FROM data LIMIT 1.5", "LIMIT and OFFSET take a whole number"},
        {"SELECT study FROM data LIMIT age", "LIMIT and OFFSET take a whole number"},
        {"SELECT study FROM data LIMIT 1e300", "LIMIT and OFFSET take a whole number"},
        {"SELECT study FROM data LIMIT 1, 2", "write LIMIT 10 OFFSET 20"},
        {"SELECT study FROM data ORDER BY age NULLS", "the query ends too early"},
        {"SELECT study FROM data WHERE age > ?", "parameters are refused"},
        {"SELECT study FROM data -- done\n; x", "a semicolon"},
        {"SELECT study FROM data /* ", "a comment is opened and never closed"},
        {"SELECT \xFF FROM data", "a query is not UTF-8"},
    };

    (void)state;
    CHECK_REFUSALS(cases, MTP_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_values_in_a_group_are_an_error),
        cmocka_unit_test(bad_data_is_named),
        cmocka_unit_test(one_select_and_no_more),
    };

    return cmocka_run_group_tests_name("table.query_refusals", tests, read_deaths,
                                       free_deaths);
}
