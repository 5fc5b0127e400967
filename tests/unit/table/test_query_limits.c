/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query_test.h"

#include <stdlib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runaways_are_stopped),
        cmocka_unit_test(long_work_is_stopped),
        cmocka_unit_test(large_tables_keep_their_order),
        cmocka_unit_test(wide_tables_are_refused_politely),
    };

    return cmocka_run_group_tests_name("table.query_limits", tests, read_deaths,
                                       free_deaths);
}
