/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "table_test.h"

#include <stdlib.h>

#include <sqlite3.h>

/* One row a death. What is expected was counted by hand, unless a source is named. */
static const char deaths[] = "study,patients,cause,age,site,weight,N,n\n"
                             "B,20,infection,61,x,0.5,1,2\n"
                             "A,10,infection,,y,0.25,1,2\n"
                             "B,20,malignancy,70,x,,1,2\n"
                             "A,10,infection,50,,1,1,2\n"
                             "B,20,,55,x,2,1,2\n"
                             "C,8,HLH,44,,4,1,2\n";

static mtp_table *table;

static int read_deaths(void **state)
{
    (void)state;
    table = read_text(deaths);
    return 0;
}

static int free_deaths(void **state)
{
    (void)state;
    mtp_table_free(table);
    return 0;
}

static mtp_table *query(const mtp_table *from, const char *sql)
{
    mtp_table *made = NULL;
    mtp_error err = {0};

    if (mtp_table_query(from, sql, &made, &err) != MTP_OK) {
        print_error("%s: %s\n", sql, err.message);
        fail();
    }
    return made;
}

/* "study,n|A,2|B,3": the names, then each row; "-" is missing. */
static const char *written(const mtp_table *made, char text[1024])
{
    size_t at = 0;

    for (size_t row = 0; row <= mtp_table_rows(made); row++) {
        for (size_t i = 0; i < mtp_table_columns(made); i++) {
            const char *name = mtp_table_column(made, i)->name;

            at += (size_t)snprintf(text + at, 1024 - at, "%s%s",
                                   i ? "," : (row ? "|" : ""),
                                   row ? cell_of(made, name, row - 1) : name);
            assert_true(at < 1024);
        }
    }
    return text;
}

typedef struct query_case {
    const char *sql, *want;
} query_case;

static void check(size_t n, const query_case cases[])
{
    for (size_t i = 0; i < n; i++) {
        mtp_table *made = query(table, cases[i].sql);
        char text[1024];

        if (strcmp(written(made, text), cases[i].want) != 0) {
            print_error("%s\n  gives %s\n  not   %s\n", cases[i].sql, text,
                        cases[i].want);
            fail();
        }
        mtp_table_free(made);
    }
}

#define CHECK(cases) check(sizeof(cases) / sizeof((cases)[0]), cases)

static void groups_come_as_they_stand(void **state)
{
    static const query_case cases[] = {
        {"SELECT study, count(*) AS deaths, max(patients) AS patients FROM data "
         "GROUP BY study",
         "study,deaths,patients|B,3,20|A,2,10|C,1,8"},
        {"select study, count(*) as deaths from data group by study",
         "study,deaths|B,3|A,2|C,1"},
        {"SELECT count(*) AS n FROM data", "n|6"},
        {"SELECT count(*) AS n FROM \"data\" WHERE study = 'none'", "n|0"},
        {"SELECT study, cause, count(*) AS k FROM data GROUP BY study, cause",
         "study,cause,k|B,infection,1|A,infection,2|B,malignancy,1|B,-,1|C,HLH,1"},
        {"SELECT lower(study) AS s, count(*) AS k FROM data GROUP BY lower(study)",
         "s,k|b,3|a,2|c,1"},
        {"SELECT lower(study) || '!' AS s FROM data GROUP BY (lower(study))",
         "s|b!|a!|c!"},
        {"SELECT lower(study) AS study FROM data GROUP BY lower(study)", "study|b|a|c"},
        {"SELECT age > 52 AS old, count(*) AS k FROM data GROUP BY old",
         "old,k|1,3|-,1|0,2"},
        {"SELECT study AS s, count(*) AS k FROM data GROUP BY s", "s,k|B,3|A,2|C,1"},
        {"SELECT patients + 1 AS p FROM data GROUP BY patients, study", "p|21|11|9"},
        {"SELECT patients / 2 AS half FROM data GROUP BY patients / 2", "half|10|5|4"},
    };

    (void)state;
    CHECK(cases);
}

static void rows_come_as_they_stand(void **state)
{
    static const query_case cases[] = {
        {"SELECT study, age FROM data", "study,age|B,61|A,-|B,70|A,50|B,55|C,44"},
        {"SELECT study FROM data WHERE age > 52", "study|B|B|B"},
        {"SELECT *, 7 / 269 AS p FROM data LIMIT 1",
         "study,patients,cause,age,site,weight,N,n,p|"
         "B,20,infection,61,x,0.5,1,2,0.026022304832713755"}, /* Python: 7 / 269 */
        {"SELECT study || '-' || patients AS id FROM data LIMIT 2 OFFSET 4",
         "id|B-20|C-8"},
        {"SELECT \"N\", \"n\" FROM data LIMIT 1", "N,n|1,2"},
        {"SELECT \"n\" + 1 AS x, [N] + 1 AS y FROM data LIMIT 1", "x,y|3,2"},
        {"SELECT DISTINCT study, patients FROM data", "study,patients|B,20|A,10|C,8"},
        {"SELECT DISTINCT cause FROM data ORDER BY cause DESC",
         "cause|malignancy|infection|HLH|-"},
        {"SELECT DISTINCT cause, 1 AS one FROM data WHERE study = 'B'",
         "cause,one|infection,1|malignancy,1|-,1"},
        {"SELECT max(age, 60) AS a FROM data LIMIT 3", "a|61|-|70"},
    };

    (void)state;
    CHECK(cases);
}

static void aggregates_pass_over_missing(void **state)
{
    static const query_case cases[] = {
        {"SELECT study, count(age) AS k, sum(age) AS s, total(age) AS t, avg(age) AS "
         "a, "
         "min(age) AS l, max(age) AS u FROM data GROUP BY study",
         "study,k,s,t,a,l,u|B,3,186,186,62,55,70|A,1,50,50,50,50,50|C,1,44,44,44,44,"
         "44"},
        {"SELECT count(age) AS k, sum(age) AS s, total(age) AS t, avg(age) AS a, "
         "min(age) AS l, group_concat(cause) AS g FROM data WHERE age > 100",
         "k,s,t,a,l,g|0,-,0,-,-,-"},
        {"SELECT count(DISTINCT cause) AS k, count(DISTINCT study || cause) AS j "
         "FROM data",
         "k,j|3,4"},
        {"SELECT sum(DISTINCT patients) AS n FROM data", "n|38"},
        {"SELECT study, count(*) FILTER (WHERE cause = 'infection') AS k, "
         "sum(weight) FILTER (WHERE age > 60) AS w FROM data GROUP BY study",
         "study,k,w|B,1,0.5|A,2,-|C,0,-"},
        {"SELECT study, sum(cause = 'infection') / count(*) AS p FROM data "
         "GROUP BY study",
         "study,p|B,0.3333333333333333|A,1|C,0"},
        {"SELECT study, sum(CASE WHEN age > 60 THEN 1 ELSE 0 END) AS k FROM data "
         "GROUP BY study",
         "study,k|B,2|A,0|C,0"},
        {"SELECT min(cause) AS a, max(cause) AS b FROM data", "a,b|HLH,malignancy"},
        {"SELECT study, group_concat(cause, '; ') AS causes FROM data GROUP BY study",
         "study,causes|B,infection; malignancy|A,infection; infection|C,HLH"},
        {"SELECT group_concat(DISTINCT weight) AS w FROM data", "w|0.5,0.25,1,2,4"},
        {"SELECT max(min(age, 50)) AS a FROM data", "a|50"},
    };

    (void)state;
    CHECK(cases);
}

/* Exact sums: 10 times the double 0.1 is 1.00000000000000005551, nearest 1; a sum in
 * doubles gives 0.9999999999999999, and 0 for the second column. */
static void sums_are_exact(void **state)
{
    mtp_table *t = read_text("x,y\n0.1,1e16\n0.1,1\n0.1,-1e16\n0.1,0\n0.1,0\n0.1,0\n"
                             "0.1,0\n0.1,0\n0.1,0\n0.1,0\n");
    mtp_table *made = query(t, "SELECT sum(x) AS x, total(y) AS y, avg(x) AS m, "
                               "avg(y) AS n FROM data");

    (void)state;
    assert_true(column_of(made, "x")->number[0] == 1.0);
    assert_true(column_of(made, "y")->number[0] == 1.0);
    assert_true(column_of(made, "m")->number[0] == 0.1);
    assert_true(column_of(made, "n")->number[0] == 0.1);
    mtp_table_free(made);
    mtp_table_free(t);
}

static void groups_have_conditions(void **state)
{
    static const query_case cases[] = {
        {"SELECT study, count(*) AS k FROM data GROUP BY study HAVING count(*) > 1",
         "study,k|B,3|A,2"},
        {"SELECT study, count(*) AS k FROM data GROUP BY study HAVING k = 1 OR k = 3",
         "study,k|B,3|C,1"},
        {"SELECT study FROM data GROUP BY study HAVING study <> 'B'", "study|A|C"},
        {"SELECT study FROM data GROUP BY study HAVING patients < 20", "study|A|C"},
        {"SELECT count(*) AS k FROM data HAVING sum(weight) > 7", "k|6"},
        {"SELECT 'all' AS what FROM data HAVING count(*) > 5", "what|all"},
    };

    (void)state;
    CHECK(cases);
}

static void order_is_total(void **state)
{
    static const query_case cases[] = {
        {"SELECT study, age FROM data ORDER BY study",
         "study,age|A,-|A,50|B,61|B,70|B,55|C,44"},
        {"SELECT study, age FROM data ORDER BY study DESC, age",
         "study,age|C,44|B,55|B,61|B,70|A,-|A,50"},
        {"SELECT age FROM data ORDER BY age NULLS LAST", "age|44|50|55|61|70|-"},
        {"SELECT age FROM data ORDER BY age DESC NULLS FIRST LIMIT 2", "age|-|70"},
        {"SELECT age FROM data ORDER BY -age ASC", "age|-|70|61|55|50|44"},
        {"SELECT cause FROM data GROUP BY cause ORDER BY cause", /* bytes: H before i */
         "cause|-|HLH|infection|malignancy"},
        {"SELECT cause FROM data GROUP BY cause ORDER BY cause COLLATE NOCASE DESC",
         "cause|malignancy|infection|HLH|-"},
        {"SELECT study, count(*) AS k FROM data GROUP BY study ORDER BY k, study",
         "study,k|C,1|A,2|B,3"},
        {"SELECT study FROM data GROUP BY study ORDER BY count(age), study DESC",
         "study|C|A|B"},
        {"SELECT study FROM data GROUP BY study ORDER BY sum(cause = 'infection') > 0",
         "study|C|B|A"},
    };

    (void)state;
    CHECK(cases);
}

static void the_table_stands_alone(void **state)
{
    mtp_table *t = read_text("label,year\nx 2020,07\ny 2021,1\nz,2\n");
    mtp_table *made =
        query(t, "SELECT substr(label, 3) AS year, label, year + 0.5 AS h, "
                 "NULL AS none FROM data WHERE label <> 'z'");
    char sha256[65];

    (void)state;
    (void)snprintf(sha256, sizeof sha256, "%s", mtp_table_sha256(t));
    mtp_table_free(t);
    assert_string_equal(mtp_table_source(made), "t.csv");
    assert_string_equal(mtp_table_sha256(made), sha256);
    assert_int_equal(mtp_table_rows(made), 2);
    assert_int_equal(mtp_table_line(made, 1), 0);
    /* text that is read like a cell */
    assert_int_equal(column_of(made, "year")->type, MTP_NUMBER);
    assert_true(column_of(made, "year")->number[1] == 2021.0);
    assert_int_equal(column_of(made, "label")->type, MTP_TEXT);
    assert_true(column_of(made, "h")->number[0] == 7.5);
    assert_true(column_of(made, "none")->missing[0]);
    mtp_table_free(made);
}

static mtp_error refuse(const mtp_table *from, const char *sql, mtp_status status)
{
    mtp_table *made = NULL;
    mtp_error err = {0};
    mtp_status got = mtp_table_query(from, sql, &made, &err);

    if (got != status || err.status != status) {
        print_error("%.200s: %s\n", sql, err.message);
    }
    assert_int_equal(got, status);
    assert_int_equal(err.status, status);
    assert_null(made);
    return err;
}

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

/* head, n times body, tail; freed by the caller */
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

#define FIFTY_DOTS ".................................................."

static void runaways_are_stopped(void **state)
{
    static const struct {
        const char *head, *body;
        size_t n;
        const char *tail, *part;
    } cases[] = {
        {"SELECT ", "(", 20000, "1", "nested too deeply"},
        {"SELECT sum(", "abs(", 10000, "1", "nested too deeply"},
        {"SELECT ", " ", 70000, "1", "a query is longer than 64 KiB"},
        {"SELECT age", "+age", 5000, " AS x FROM data",
         "chains more than 1000 operators"},
        {"SELECT ", "*,", 1000, "1 AS x FROM data", "two results have the name"},
        /* a long result that is named very often */
        {"SELECT age || '" FIFTY_DOTS FIFTY_DOTS FIFTY_DOTS
         "' AS x FROM data ORDER BY x",
         ",x", 10000, "", "longer than 1 MiB when the results"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *sql = repeat(cases[i].head, cases[i].body, cases[i].n, cases[i].tail);
        mtp_error err = refuse(table, sql, MTP_E_ARG);

        assert_contains(err.message, cases[i].part);
        free(sql);
    }
}

/* 30,000 operators on each of 2,000 rows; the table has time for 10,000 a row. */
static void long_work_is_stopped(void **state)
{
    char *rows = repeat("a\n", "1\n", 2000, "");
    char *sum = repeat("", "+a", 900, "");
    mtp_table *t = read_text(rows);
    char *sql = malloc(64 * 1024);
    size_t at = (size_t)snprintf(sql, 64 * 1024, "SELECT max(0");
    mtp_error err;

    (void)state;
    for (size_t i = 0; i < 34; i++) {
        at += (size_t)snprintf(sql + at, 64 * 1024 - at, ") AS x%zu, max(%zu%s", i, i,
                               sum);
    }
    (void)snprintf(sql + at, 64 * 1024 - at, ") AS x FROM data");
    err = refuse(t, sql, MTP_E_ARG);
    assert_contains(err.message, "the query takes too long");
    mtp_table_free(t);
    free(sql);
    free(sum);
    free(rows);
}

/* Rows of a group are taken in the order of the table, be there many to sort. */
static void large_tables_keep_their_order(void **state)
{
    enum { ROWS = 60000, GROUPS = 7 };
    char *text = malloc(ROWS * 16);
    size_t at = (size_t)snprintf(text, 16, "g,i\n");
    mtp_table *t, *made;
    const mtp_column *list;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        at += (size_t)snprintf(text + at, 16, "g%zu,%zu\n", (i * i + 3) % GROUPS, i);
    }
    t = read_text(text);
    made = query(t, "SELECT g, count(*) AS k, group_concat(i, ' ') AS l FROM data "
                    "GROUP BY g");
    assert_string_equal(cell_of(made, "g", 0), "g3");
    assert_int_equal(mtp_table_rows(made), 4); /* squares mod 7 are 0, 1, 2 and 4 */
    list = column_of(made, "l");
    for (size_t group = 0; group < 4; group++) {
        const char *next = list->text[group];
        size_t k = 0;

        for (long last = -1; *next; k++) {
            char *end;
            long i = strtol(next, &end, 10);

            assert_true(i > last);
            last = i;
            next = end;
        }
        assert_true((double)k == column_of(made, "k")->number[group]);
    }
    mtp_table_free(made);
    mtp_table_free(t);
    free(text);
}

static void wide_tables_are_refused_politely(void **state)
{
    char *text = malloc(2100 * 12);
    size_t at = 0;
    mtp_table *t, *made;

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        at += (size_t)snprintf(text + at, 12, "%sc%zu", i ? "," : "", i);
    }
    for (size_t i = 0; i < 2000; i++) {
        at += (size_t)snprintf(text + at, 12, "%c%zu", i ? ',' : '\n', i);
    }
    t = read_text(text);
    assert_contains(refuse(t, "SELECT * FROM data", MTP_E_ARG).message,
                    "more than 1999 columns are used; name fewer");
    made = query(t, "SELECT c1999, count(*) AS k FROM data GROUP BY c1999");
    assert_true(column_of(made, "c1999")->number[0] == 1999.0);
    mtp_table_free(made);
    mtp_table_free(t);
    free(text);
}

static const char *const without_memory[] = {
    "SELECT * FROM data WHERE age > 50 ORDER BY study || age",
    "SELECT study AS s, sum(age) AS a, patients FROM data GROUP BY s HAVING a > 0",
    "SELECT group_concat(cause || age) AS c FROM data GROUP BY study ORDER BY c",
    "SELECT DISTINCT study, patients FROM data",
};

static void query_without_memory(const char *sql, bool *done)
{
    mtp_table *made = NULL;
    mtp_error err = {0};
    mtp_status status = mtp_table_query(table, sql, &made, &err);

    *done = status == MTP_OK;
    if (status != MTP_OK) {
        assert_int_equal(status, MTP_E_NOMEM);
        assert_int_equal(err.status, MTP_E_NOMEM);
        assert_null(made);
    }
    mtp_table_free(made);
}

static void no_memory_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof without_memory / sizeof without_memory[0]; i++) {
        bool done = false;
        size_t n = 0, failed = 0;

        while (!done) {
            mtp_arena_fail_after(++n);
            query_without_memory(without_memory[i], &done);
            mtp_arena_fail_after(0);
        }
        assert_true(n > 10);
        done = false;
        for (sqlite3_int64 heap = 1024; !done; heap += 512) {
            (void)sqlite3_hard_heap_limit64(heap);
            query_without_memory(without_memory[i], &done);
            (void)sqlite3_hard_heap_limit64(0);
            failed += !done;
        }
        assert_true(failed > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_come_as_they_stand),
        cmocka_unit_test(rows_come_as_they_stand),
        cmocka_unit_test(aggregates_pass_over_missing),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(groups_have_conditions),
        cmocka_unit_test(order_is_total),
        cmocka_unit_test(the_table_stands_alone),
        cmocka_unit_test(two_values_in_a_group_are_an_error),
        cmocka_unit_test(bad_data_is_named),
        cmocka_unit_test(one_select_and_no_more),
        cmocka_unit_test(runaways_are_stopped),
        cmocka_unit_test(long_work_is_stopped),
        cmocka_unit_test(large_tables_keep_their_order),
        cmocka_unit_test(wide_tables_are_refused_politely),
        cmocka_unit_test(no_memory_is_survived),
    };

    return cmocka_run_group_tests_name("table.query", tests, read_deaths, free_deaths);
}
