/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* stat */
#include "core/error.h"
#include "table/sqlite_file.h"
#include "table/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef enum look {
    LOOK_NO_MEMORY,
    LOOK_UNREADABLE, /* the reader of CSV says why */
    LOOK_STREAM,     /* a pipe, whose first bytes cannot be read twice */
    LOOK_TEXT,
    LOOK_DATABASE,
} look;

static look look_at(const char *path)
{
    char begin[16];
    struct stat info;
    size_t length;
    FILE *file;

    if (strcmp(path, "-") == 0) {
        return LOOK_STREAM;
    }
    if (stat(path, &info) != 0 || S_ISDIR(info.st_mode)) {
        return LOOK_UNREADABLE;
    }
    if (!S_ISREG(info.st_mode)) {
        return LOOK_STREAM;
    }
    file = fopen(path, "rb");
    if (!file) {
        return errno == ENOMEM ? LOOK_NO_MEMORY : LOOK_UNREADABLE;
    }
    (void)setvbuf(file, NULL, _IONBF, 0); /* a buffer would need memory */
    length = fread(begin, 1, sizeof begin, file);
    (void)fclose(file);
    return mtp_is_sqlite(begin, length) ? LOOK_DATABASE : LOOK_TEXT;
}

static mtp_status read_database(const char *path, const mtp_table_options *options,
                                mtp_table **table, mtp_problems *problems,
                                mtp_error *err)
{
    mtp_cell_rules rules = {options->missing, options->decimal, NULL};

    if (options->delimiter) {
        return mtp_fail_at(err, MTP_E_ARG, path, 0, NULL,
                           "--delimiter is for text; this is an SQLite database");
    }
    return mtp_sqlite_read(path, options->table, rules, table, problems, err);
}

static mtp_status refuse_name(const char *path, look what, mtp_error *err)
{
    return mtp_fail_at(err, MTP_E_ARG, strcmp(path, "-") == 0 ? "<stdin>" : path, 0,
                       NULL, "--table names a table of an SQLite database; %s",
                       what == LOOK_STREAM
                           ? "give its file name, for it cannot be read from a pipe"
                           : "this file is none (or is encrypted)");
}

mtp_status mtp_table_read(const char *path, const mtp_table_options *options,
                          mtp_table **table, mtp_problems *problems, mtp_error *err)
{
    mtp_table_options effective;
    mtp_status status = mtp_table_options_complete(options, &effective, err);
    look what;

    if (status != MTP_OK) {
        return status;
    }
    what = look_at(path);
    if (what == LOOK_NO_MEMORY) {
        return mtp_fail_nomem(err);
    }
    if (what == LOOK_DATABASE) {
        return read_database(path, &effective, table, problems, err);
    }
    if (effective.table && what != LOOK_UNREADABLE) {
        return refuse_name(path, what, err);
    }
    return mtp_table_read_csv(path, options, table, problems, err);
}
