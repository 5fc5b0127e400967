/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* mkdtemp, dup2 */
#include "table_test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "metapool-table-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void path_of(const char *name, char path[64])
{
    (void)snprintf(path, 64, "%s/%s", folder, name);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void files_are_read(void **state)
{
    char path[64];
    mtp_table *table = NULL;

    (void)state;
    path_of("a.csv", path);
    write_file(path, "a,b\n1,2\n");
    assert_int_equal(mtp_table_read_csv(path, NULL, &table, NULL, NULL), MTP_OK);
    assert_true(column_of(table, "b")->number[0] == 2.0);
    assert_string_equal(mtp_table_source(table), path);
    /* from coreutils' sha256sum */
    assert_string_equal(mtp_table_sha256(table),
                        "492d5ea496056f1a6a6592241032fab764c32159"
                        "6317930b4fa0e1e8bc3b7470");
    mtp_table_free(table);
    assert_int_equal(remove(path), 0);
}

static void assert_unreadable(const char *path, const char *part)
{
    mtp_table *table = NULL;
    mtp_problems problems = {0};
    mtp_error err = {0};

    assert_int_equal(mtp_table_read_csv(path, NULL, &table, &problems, &err),
                     MTP_E_DATA);
    assert_null(table);
    assert_string_equal(err.source, path);
    assert_int_equal(err.line, 0);
    assert_string_equal(err.message, part);
    assert_int_equal(problems.count, 1);
}

static void unreadable_files_are_named(void **state)
{
    char path[64];

    (void)state;
    path_of("none.csv", path);
    assert_unreadable(path, "there is no such file");
    assert_unreadable("", "there is no such file");
    path_of("circle", path);
    assert_int_equal(symlink("circle", path), 0);
    assert_unreadable(path, "there is no such file");
    assert_int_equal(unlink(path), 0);
    assert_unreadable(folder, "this is a directory, not a table");
    path_of("empty.csv", path);
    write_file(path, "");
    assert_unreadable(path, "the file is empty");
    assert_unreadable("/dev/null", "the file is empty");
    if (geteuid() != 0) { /* root may read everything */
        assert_int_equal(chmod(path, 0), 0);
        assert_unreadable(path, "the file may not be read (permission denied)");
    }
    assert_int_equal(remove(path), 0);
}

static void standard_input_is_read(void **state)
{
    char path[64];
    mtp_table *table = NULL;
    mtp_error err = {0};

    (void)state;
    path_of("in.csv", path);
    write_file(path, "x;y\n1,5;2\n");
    assert_non_null(freopen(path, "rb", stdin));
    assert_int_equal(mtp_table_read_csv("-", NULL, &table, NULL, &err), MTP_OK);
    assert_string_equal(mtp_table_source(table), "<stdin>");
    assert_string_equal(cell_of(table, "x", 0), "1,5");
    mtp_table_free(table);
    /* it is at its end now */
    assert_int_equal(mtp_table_read_csv("-", NULL, &table, NULL, &err), MTP_E_DATA);
    assert_string_equal(err.source, "<stdin>");
    assert_string_equal(err.message, "the file is empty");
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(unreadable_files_are_named),
        cmocka_unit_test(standard_input_is_read),
    };

    return cmocka_run_group_tests_name("table.files", tests, make_folder,
                                       remove_folder);
}
