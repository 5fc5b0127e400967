/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SQLITE_TEST_H
#define MTP_SQLITE_TEST_H

#include "table_test.h"

#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

/* Databases in a folder of their own; mkdtemp needs _POSIX_C_SOURCE. */
enum { PATH_ROOM = 128 };

static char folder[] = "metapool-sqlite-XXXXXX";

static inline int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static inline void path_of(const char *name, char path[PATH_ROOM])
{
    (void)snprintf(path, PATH_ROOM, "%s/%s", folder, name);
}

static inline void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* A database made by SQL. */
static inline void make(const char *path, const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#endif
