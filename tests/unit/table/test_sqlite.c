/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "sqlite_test.h"

#include <dirent.h>

static mtp_table *read_with(const char *path, const mtp_table_options *options)
{
    mtp_table *table = NULL;
    mtp_error err = {0};

    if (mtp_table_read(path, options, &table, NULL, &err) != MTP_OK) {
        fail_msg("%s: %zu: %s: %s", path, err.row, err.column, err.message);
    }
    return table;
}

/* Make a database, read the table called `name` (NULL: the only one), remove it. */
static mtp_table *read_sql(const char *sql, const char *name)
{
    char path[PATH_ROOM];
    mtp_table_options options;
    mtp_table *table;

    path_of("a.db", path);
    make(path, sql);
    mtp_table_options_init(&options, sizeof options);
    options.table = name;
    table = read_with(path, &options);
    assert_int_equal(remove(path), 0);
    return table;
}

static void values_keep_what_they_are(void **state)
{
    mtp_table *table = read_sql(
        "CREATE TABLE t(i INTEGER, r REAL, n, s TEXT, free);"
        "INSERT INTO t VALUES (9007199254740993, 0.1, '12', 'M\xC3\xBCller', 'x');"
        "INSERT INTO t VALUES (-9223372036854775808, 1e21, '1,5', NULL, 2);"
        "INSERT INTO t VALUES (NULL, 5, ' NA ', '', 2.5);",
        NULL);

    (void)state;
    assert_int_equal(mtp_table_rows(table), 3);
    assert_int_equal(mtp_table_columns(table), 5);
    assert_string_equal(cell_of(table, "i", 0), "9007199254740993");
    assert_string_equal(cell_of(table, "i", 1), "-9223372036854775808");
    assert_true(column_of(table, "i")->number[1] == -9223372036854775808.0);
    assert_int_equal(column_of(table, "i")->missing[2], 1);
    assert_string_equal(cell_of(table, "r", 0), "0.1");
    assert_string_equal(cell_of(table, "r", 1), "1e+21");
    assert_string_equal(cell_of(table, "r", 2), "5"); /* as in a CSV file */
    assert_true(column_of(table, "r")->number[0] == 0.1);
    assert_int_equal(column_of(table, "n")->type, MTP_TEXT); /* for "1,5" */
    assert_string_equal(cell_of(table, "n", 2), "-");
    assert_string_equal(cell_of(table, "s", 0), "M\xC3\xBCller");
    assert_string_equal(cell_of(table, "s", 1), "-");
    assert_string_equal(cell_of(table, "s", 2), "-");
    assert_string_equal(cell_of(table, "free", 2), "2.5");
    mtp_table_free(table);
}

static void texts_are_typed_like_cells(void **state)
{
    static const char *const missing[] = {"NR", NULL};
    char path[PATH_ROOM];
    mtp_table_options options;
    mtp_table *table;

    (void)state;
    path_of("a.db", path);
    make(path, "CREATE TABLE t(a TEXT, b TEXT, c REAL);"
               "INSERT INTO t VALUES ('1,5', 'nr', 0.25), ('2', '7', 1e-7);");
    mtp_table_options_init(&options, sizeof options);
    options.decimal = ',';
    options.missing = missing;
    table = read_with(path, &options);
    assert_int_equal(column_of(table, "a")->type, MTP_NUMBER);
    assert_true(column_of(table, "a")->number[0] == 1.5);
    assert_int_equal(column_of(table, "b")->missing[0], 1);
    assert_true(column_of(table, "b")->number[1] == 7.0);
    /* Numbers stay numbers, written with the mark of the table. */
    assert_true(column_of(table, "c")->number[0] == 0.25);
    assert_string_equal(cell_of(table, "c", 0), "0,25");
    assert_true(column_of(table, "c")->number[1] == 1e-7);
    mtp_table_free(table);
    assert_int_equal(remove(path), 0);
}

/* The order of rows and the names, in tables of every make. */
static void tables_of_every_kind_are_read(void **state)
{
    static const struct {
        const char *sql, *name, *first; /* of column "k" */
    } cases[] = {
        /* In the order of the rowid, though an index holds all columns. */
        {"CREATE TABLE t(k, v); INSERT INTO t VALUES ('z', 1), ('a', 2);"
         "CREATE INDEX i ON t(k, v)",
         NULL, "z"},
        {"CREATE TABLE t(rowid TEXT, k); INSERT INTO t VALUES ('b', 'z'), ('a', 'a');"
         "CREATE INDEX i ON t(rowid, k)",
         NULL, "z"},
        {"CREATE TABLE t(rowid, oid, _rowid_, k);"
         "INSERT INTO t VALUES (2, 2, 2, 'z'), (1, 1, 1, 'a');"
         "CREATE INDEX i ON t(rowid, oid, _rowid_, k)",
         NULL, "z"},
        {"CREATE TABLE t(id INTEGER PRIMARY KEY, k);"
         "INSERT INTO t VALUES (9, 'z'), (3, 'y')",
         NULL, "y"},
        {"CREATE TABLE t(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
         "INSERT INTO t VALUES ('z', 1), ('a', 2); CREATE INDEX i ON t(v, k)",
         NULL, "a"},
        {"CREATE TABLE t(v, k AS (v * 2), s AS (v + 1) STORED);"
         "INSERT INTO t VALUES (4)",
         NULL, "8"},
        {"CREATE TABLE \"a \"\"b\"\"; c\"(k); INSERT INTO \"a \"\"b\"\"; c\" VALUES "
         "(1)",
         NULL, "1"},
        {"CREATE TABLE \"select\"(k); INSERT INTO \"select\" VALUES (1)", NULL, "1"},
        {"PRAGMA encoding = 'UTF-16be'; CREATE TABLE t(k);"
         "INSERT INTO t VALUES ('\xF0\x9F\x98\x80')",
         NULL, "\xF0\x9F\x98\x80"},
        {"CREATE TABLE t(k); INSERT INTO t VALUES (1), (5);"
         "CREATE VIEW w AS SELECT max(k) AS k, upper('a') AS s FROM t",
         "W", "5"},
        {"CREATE TABLE \"Gr\xC3\xB6\xC3\x9F"
         "e\"(k); INSERT INTO \"Gr\xC3\xB6\xC3\x9F"
         "e\" VALUES (1)",
         "gR\xC3\xB6\xC3\x9F"
         "e",
         "1"},
        {"CREATE TABLE t(\" k \"); INSERT INTO t VALUES (7)", NULL, "7"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_table *table = read_sql(cases[i].sql, cases[i].name);

        assert_string_equal(cell_of(table, "k", 0), cases[i].first);
        mtp_table_free(table);
    }
}

static void rows_stand_for_lines(void **state)
{
    mtp_table *table = read_sql("CREATE TABLE t(n, s);"
                                "INSERT INTO t VALUES (1, 'a'), ('12O', 'b')",
                                NULL);
    mtp_values *values = NULL;
    mtp_error err = {0};
    char text[256];

    (void)state;
    assert_int_equal(mtp_table_line(table, 0), 0);
    assert_int_equal(
        mtp_table_require_numbers(table, column_of(table, "n"), NULL, &err),
        MTP_E_DATA);
    assert_int_equal(err.line, 0);
    assert_int_equal(err.row, 2);
    (void)mtp_error_format(&err, text, sizeof text);
    assert_contains(text, "a.db: row 2: column 'n': \"12O\" is not a number");
    assert_int_equal(mtp_table_evaluate(table, "n + 1", &values, &err), MTP_E_DATA);
    assert_contains(err.message, "(text, as \"12O\" in row 2)");
    assert_int_equal(mtp_table_evaluate(table, "1e308 * 10 * length(s)", &values, &err),
                     MTP_E_DATA);
    assert_int_equal(err.row, 1);
    mtp_table_free(table);
}

static void the_file_is_not_touched(void **state)
{
    char path[PATH_ROOM];
    mtp_table *table;
    size_t files = 0;
    DIR *dir;

    (void)state;
    path_of("100% #1?mode=rw.db", path);
    make(path,
         "PRAGMA journal_mode = wal; CREATE TABLE t(k); INSERT INTO t VALUES (1)");
    table = read_with(path, NULL);
    assert_string_equal(mtp_table_source(table), path);
    assert_int_equal(strlen(mtp_table_sha256(table)), 64);
    mtp_table_free(table);
    dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) {
        files++;
    }
    assert_int_equal(closedir(dir), 0);
    assert_int_equal(files, 3); /* ".", ".." and the database: no -wal, no -shm */
    assert_int_equal(remove(path), 0);
}

/* A database with a second file beside it whose name ends in `suffix`. */
static mtp_status read_beside(const char *suffix, const char *bytes, size_t length,
                              mtp_error *err)
{
    char path[PATH_ROOM], other[PATH_ROOM + 16];
    mtp_table *table = NULL;
    mtp_status status;

    path_of("a.db", path);
    make(path, "CREATE TABLE t(k); INSERT INTO t VALUES (1)");
    (void)snprintf(other, sizeof other, "%s%s", path, suffix);
    write_bytes(other, bytes, length);
    status = mtp_table_read(path, NULL, &table, NULL, err);
    mtp_table_free(table);
    assert_int_equal(remove(other), 0);
    assert_int_equal(remove(path), 0);
    return status;
}

static void unfinished_changes_are_an_error(void **state)
{
    static const char persistent[512] = {0}, hot[] = "\xD9\xD5\x05\xF9\x20\xA1\x63\xD7";
    mtp_error err = {0};

    (void)state;
    assert_int_equal(read_beside("-wal", "\x37", 1, &err), MTP_E_DATA);
    assert_contains(err.message, "wal_checkpoint");
    assert_int_equal(read_beside("-journal", hot, sizeof hot - 1, &err), MTP_E_DATA);
    assert_contains(err.message, "is not finished");
    /* An empty one, and the journal kept by journal_mode = persist, say nothing. */
    assert_int_equal(read_beside("-wal", "", 0, &err), MTP_OK);
    assert_int_equal(read_beside("-journal", "", 0, &err), MTP_OK);
    assert_int_equal(read_beside("-journal", persistent, sizeof persistent, &err),
                     MTP_OK);
}

static void options_may_be_of_an_earlier_size(void **state)
{
    char path[PATH_ROOM];
    mtp_table_options options;
    mtp_table *table;

    (void)state;
    path_of("a.db", path);
    make(path, "CREATE TABLE t(k); INSERT INTO t VALUES (1)");
    mtp_table_options_init(&options, sizeof options);
    options.table = "not looked at";
    options.size = offsetof(mtp_table_options, table);
    table = read_with(path, &options);
    mtp_table_free(table);
    assert_int_equal(remove(path), 0);
}

/* An error or a table, never a crash. */
static mtp_status read_damaged(const char *path, const char *bytes, size_t length)
{
    mtp_table *table = NULL;
    mtp_error err = {0};
    mtp_status status;

    write_bytes(path, bytes, length);
    status = mtp_table_read(path, NULL, &table, NULL, &err);
    assert_int_equal(status == MTP_OK, table != NULL);
    assert_int_equal(status == MTP_OK, err.message[0] == '\0');
    mtp_table_free(table);
    return status;
}

/* Databases cut short, and with a byte wrong: each of the first page, some of the
 * others. */
static void damage_ends_in_a_status(void **state)
{
    char path[PATH_ROOM], bytes[12288];
    size_t length;
    FILE *file;

    (void)state;
    path_of("a.db", path);
    make(path,
         "PRAGMA page_size = 512; CREATE TABLE t(k TEXT, v REAL);"
         "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x LIMIT 90)"
         "INSERT INTO t SELECT 'study ' || i, i / 7.0 FROM x");
    file = fopen(path, "rb");
    assert_non_null(file);
    length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_in_range(length, 2048, sizeof bytes - 1);
    for (size_t cut = 256; cut < length; cut += 256) {
        assert_int_equal(read_damaged(path, bytes, cut), MTP_E_SYNTAX);
    }
    for (size_t i = 0; i < length; i += i < 512 ? 1 : 7) {
        bytes[i] = (char)~bytes[i];
        (void)read_damaged(path, bytes, length);
        bytes[i] = (char)~bytes[i];
    }
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_keep_what_they_are),
        cmocka_unit_test(texts_are_typed_like_cells),
        cmocka_unit_test(tables_of_every_kind_are_read),
        cmocka_unit_test(rows_stand_for_lines),
        cmocka_unit_test(the_file_is_not_touched),
        cmocka_unit_test(unfinished_changes_are_an_error),
        cmocka_unit_test(options_may_be_of_an_earlier_size),
        cmocka_unit_test(damage_ends_in_a_status),
    };

    return cmocka_run_group_tests_name("table.sqlite", tests, make_folder,
                                       remove_folder);
}
