/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "sqlite_test.h"

static void views_that_run_away_are_stopped(void **state)
{
    static const struct {
        const char *view, *part;
    } cases[] = {
        {"WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x) "
         "SELECT sum(i) AS k FROM x",
         "takes too long"},
        {"WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x) "
         "SELECT i AS k, hex(zeroblob(4000000)) AS s FROM x",
         "more than 200 times the bytes"},
        {"SELECT hex(zeroblob(9000000)) AS k", "larger than 16 MiB"},
        {"SELECT zeroblob(70000000) AS k", "larger than 64 MiB"},
        {"SELECT random() AS k", "calls random"},
        {"SELECT date('now') AS k", "calls date"},
        {"SELECT load_extension('x') AS k", "load_extension"},
        {"SELECT * FROM pragma_database_list", "cannot be read"},
        {"SELECT missing AS k FROM t", "no such column: missing"},
    };
    char path[PATH_ROOM], sql[512];

    (void)state;
    path_of("a.db", path);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_table_options options;
        mtp_table *table = NULL;
        mtp_error err = {0};

        (void)snprintf(sql, sizeof sql, "CREATE TABLE t(k); CREATE VIEW w AS %s",
                       cases[i].view);
        make(path, sql);
        mtp_table_options_init(&options, sizeof options);
        options.table = "w";
        assert_int_equal(mtp_table_read(path, &options, &table, NULL, &err),
                         MTP_E_DATA);
        assert_null(table);
        assert_contains(err.message, cases[i].part);
        assert_int_equal(remove(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_that_run_away_are_stopped),
    };

    return cmocka_run_group_tests_name("table.sqlite_limits", tests, make_folder,
                                       remove_folder);
}
