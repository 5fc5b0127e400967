/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "table_test.h"

#include <stdlib.h>

#include <sqlite3.h>

/* Every allocation of an arena fails once, and all after it; then SQLite's, by a limit
 * on its heap. A sanitizer or valgrind sees what is left behind. */

static char text[20000];

static int make_text(void **state)
{
    size_t at = (size_t)snprintf(text, sizeof text, "study,product,deaths,patients\n");

    (void)state;
    for (size_t i = 0; i < 500; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "Study %zu,%s,%zu,%zu\n", i,
                               i % 2 ? "Ide-cel" : "Axi-cel", i % 7, 10 + i);
    }
    return 0;
}

static void reading_survives(void **state)
{
    mtp_status status = MTP_E_NOMEM;
    size_t n = 0;

    (void)state;
    while (status != MTP_OK) {
        mtp_table *table = NULL;
        mtp_problems problems = {0};
        mtp_error err = {0};

        mtp_arena_fail_after(++n);
        status = mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table,
                                     &problems, &err);
        mtp_arena_fail_after(0);
        if (status != MTP_OK) {
            assert_int_equal(status, MTP_E_NOMEM);
            assert_int_equal(err.status, MTP_E_NOMEM);
            assert_int_equal(problems.count, 1);
            assert_null(table);
        } else {
            assert_int_equal(mtp_table_rows(table), 500);
            mtp_table_free(table);
        }
    }
    assert_true(n > 20);
}

static const char *const expressions[] = {
    "deaths",
    "deaths / patients",
    "product || ' ' || deaths",
    "CAST(substr(study, 7) AS REAL) + 1",
    "CASE WHEN product LIKE 'I%' THEN \"deaths\" ELSE -1 END",
    "iif(deaths > 3, upper(product), deaths)",
};

static void evaluate_without_memory(const mtp_table *table, const char *expression,
                                    bool *done)
{
    mtp_values *values = NULL;
    mtp_error err = {0};
    mtp_status status = mtp_table_evaluate(table, expression, &values, &err);

    *done = status == MTP_OK;
    if (status != MTP_OK) {
        if (status != MTP_E_NOMEM) {
            print_error("%s: %s\n", expression, err.message);
        }
        assert_int_equal(status, MTP_E_NOMEM);
        assert_null(values);
    } else {
        assert_int_equal(mtp_values_column(values)->rows, 500);
        mtp_values_free(values);
    }
}

static void evaluating_survives(void **state)
{
    mtp_table *table = read_text(text);

    (void)state;
    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        bool done = false;

        for (size_t n = 1; !done; n++) {
            mtp_arena_fail_after(n);
            evaluate_without_memory(table, expressions[i], &done);
            mtp_arena_fail_after(0);
        }
    }
    mtp_table_free(table);
}

static void sqlite_without_memory_is_survived(void **state)
{
    mtp_table *table = read_text(text);

    (void)state;
    for (size_t i = 1; i < sizeof expressions / sizeof expressions[0]; i++) {
        bool done = false;
        size_t failed = 0;

        for (sqlite3_int64 heap = 1024; !done; heap += 512) {
            (void)sqlite3_hard_heap_limit64(heap);
            evaluate_without_memory(table, expressions[i], &done);
            (void)sqlite3_hard_heap_limit64(0);
            failed += !done;
        }
        assert_true(failed > 10);
    }
    mtp_table_free(table);
}

static void nothing_is_fine(void **state)
{
    (void)state;
    mtp_table_free(NULL);
    mtp_values_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_survives),
        cmocka_unit_test(evaluating_survives),
        cmocka_unit_test(sqlite_without_memory_is_survived),
        cmocka_unit_test(nothing_is_fine),
    };

    return cmocka_run_group_tests_name("table.memory", tests, make_text, NULL);
}
