/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "query_test.h"

#include <sqlite3.h>

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
        cmocka_unit_test(no_memory_is_survived),
    };

    return cmocka_run_group_tests_name("table.query", tests, read_deaths, free_deaths);
}
