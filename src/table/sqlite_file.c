/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sqlite_file.h"

#include "core/error.h"
#include "table/builder.h"
#include "table/collector.h"
#include "table/database.h"
#include "table/digest.h"
#include "table/relations.h"
#include "table/scan.h"
#include "table/table.h"
#include "table/token.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_LIMIT = 16 * 1024 * 1024 };

/* A view can make much of little; see gunzip.c, which has the same two figures. */
enum { ALWAYS_ALLOWED = 64 * 1024 * 1024, LARGEST_RATIO = 200 };

typedef struct reader {
    mtp_collector collector;
    mtp_builder builder;
    mtp_database database;
    mtp_relation relation;
    sqlite3_stmt *rows;
    char decimal;
    size_t row; /* 1-based */
    uint64_t text_bytes;
    bool stop; /* a problem after which reading on makes no sense */
} reader;

bool mtp_is_sqlite(const char *bytes, size_t length)
{
    static const char magic[] = "SQLite format 3"; /* its NUL included */

    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

static void stop_with(reader *r, const mtp_error *problem)
{
    mtp_collect_error(&r->collector, problem);
    r->stop = true;
}

static void stop_nomem(reader *r)
{
    mtp_collect_nomem(&r->collector);
    r->stop = true;
}

/* A call of SQLite's failed on the way to row r->row. */
static void stop_sqlite(reader *r, int code)
{
    char what[MTP_RELATION_TEXT];
    mtp_error problem;

    (void)mtp_database_fail(&r->database, code,
                            mtp_relation_describe(&r->relation, what), &problem);
    stop_with(r, &problem);
}

static void refuse_cell(reader *r, int column, const char *message)
{
    mtp_collect(&r->collector, MTP_E_DATA, r->row, r->builder.name[column], "%s",
                message);
}

/* Cells are kept as long as a table can still come of them. */
static void keep_cell(reader *r, int column, const char *text, size_t length)
{
    if (r->collector.status == MTP_OK &&
        !mtp_builder_set_cell(&r->builder, (size_t)column, text, length)) {
        stop_nomem(r);
    }
}

static void keep_integer(reader *r, int column)
{
    char text[32];
    int length =
        snprintf(text, sizeof text, "%lld", sqlite3_column_int64(r->rows, column));

    keep_cell(r, column, text, (size_t)length);
}

static void keep_real(reader *r, int column)
{
    double value = sqlite3_column_double(r->rows, column);
    char text[MTP_NUMBER_TEXT];

    if (isinf(value)) {
        refuse_cell(r, column, "infinity is beyond the largest number (about 1.8e308)");
        return;
    }
    mtp_cell_write(value, r->decimal, text);
    keep_cell(r, column, text, strlen(text));
}

static void keep_text(reader *r, int column)
{
    const char *text = (const char *)sqlite3_column_text(r->rows, column);
    size_t length = (size_t)sqlite3_column_bytes(r->rows, column);

    r->text_bytes += length;
    if (!text) {
        stop_nomem(r);
    } else if (length > FIELD_LIMIT) {
        refuse_cell(r, column, "the text is larger than 16 MiB");
        r->stop = true;
    } else if (memchr(text, '\0', length)) {
        refuse_cell(r, column, "a NUL character in a text");
    } else if (!mtp_is_utf8(text, length)) {
        refuse_cell(r, column, "the text is not UTF-8");
    } else {
        keep_cell(r, column, text, length);
    }
}

static void read_cell(reader *r, int column)
{
    switch (sqlite3_column_type(r->rows, column)) {
    case SQLITE_NULL:
        keep_cell(r, column, "", 0);
        break;
    case SQLITE_INTEGER:
        keep_integer(r, column);
        break;
    case SQLITE_FLOAT:
        keep_real(r, column);
        break;
    case SQLITE_TEXT:
        keep_text(r, column);
        break;
    default:
        refuse_cell(r, column,
                    "a blob, which is neither a number nor a text; read a view that "
                    "leaves this column out");
        break;
    }
}

static void check_size(reader *r)
{
    if (r->text_bytes > ALWAYS_ALLOWED &&
        r->text_bytes / LARGEST_RATIO > r->database.bytes) {
        mtp_collect(&r->collector, MTP_E_DATA, r->row, NULL,
                    "the view gives more than %d times the bytes of the file; put "
                    "its rows into a table",
                    LARGEST_RATIO);
        r->stop = true;
    }
}

static void read_rows(reader *r)
{
    int code = SQLITE_ROW;

    while (!r->stop && (code = sqlite3_step(r->rows)) == SQLITE_ROW) {
        r->row++;
        for (size_t i = 0; i < r->builder.columns && !r->stop; i++) {
            read_cell(r, (int)i);
        }
        if (r->collector.status == MTP_OK) {
            mtp_builder_end_row(&r->builder, r->row);
        }
        check_size(r);
    }
    if (!r->stop && code != SQLITE_DONE) {
        stop_sqlite(r, code);
    } else if (!r->stop && r->row == 0) {
        char what[MTP_RELATION_TEXT];

        mtp_collect(&r->collector, MTP_E_DATA, 0, NULL, "%s has no rows",
                    mtp_relation_describe(&r->relation, what));
    }
}

static void read_names(reader *r)
{
    int n = sqlite3_column_count(r->rows);

    for (int i = 0; i < n && !r->stop; i++) {
        const char *name = sqlite3_column_name(r->rows, i);

        if (!name || !mtp_builder_add_name(&r->builder, name, strlen(name))) {
            stop_nomem(r);
        } else if (!mtp_is_utf8(name, strlen(name))) {
            mtp_collect(&r->collector, MTP_E_SYNTAX, 0, NULL,
                        "the name of column %d is not UTF-8", i + 1);
            r->stop = true;
        }
    }
    if (!r->stop && !mtp_builder_check_names(&r->builder, &r->collector, 0)) {
        stop_nomem(r);
    }
}

static void read_relation(reader *r, const char *name)
{
    mtp_error problem;
    int code;

    if (mtp_relation_choose(&r->database, name, r->builder.scratch, &r->relation,
                            &problem) != MTP_OK) {
        stop_with(r, &problem);
        return;
    }
    code = mtp_relation_select(&r->database, &r->relation, &r->rows);
    if (code != SQLITE_OK) {
        stop_sqlite(r, code);
        return;
    }
    read_names(r);
    read_rows(r);
}

static void finish(reader *r, mtp_cell_rules rules, mtp_table **table)
{
    char sha256[MTP_DIGEST_TEXT];
    mtp_table *made = NULL;
    mtp_error problem;

    if (!mtp_digest_file(r->database.path, sha256)) {
        if (errno == ENOMEM) {
            (void)mtp_fail_nomem(&problem);
        } else {
            (void)mtp_fail_at(&problem, MTP_E_IO, r->database.path, 0, NULL,
                              "reading failed: %s", strerror(errno));
        }
        stop_with(r, &problem);
        return;
    }
    if (mtp_builder_finish(&r->builder, rules, sha256, &r->collector, &made) ==
        MTP_E_NOMEM) {
        stop_nomem(r);
    }
    if (made) {
        made->line = NULL; /* the builder has kept rows */
        *table = made;
    }
}

mtp_status mtp_sqlite_read(const char *path, const char *name, mtp_cell_rules rules,
                           mtp_table **table, mtp_problems *problems, mtp_error *err)
{
    reader r = {
        .collector = {.source = path, .problems = problems, .err = err, .by_row = true},
        .decimal = rules.decimal};
    mtp_error problem;

    if (!mtp_builder_init(&r.builder)) {
        stop_nomem(&r);
    } else if (mtp_database_open(&r.database, path, &problem) != MTP_OK) {
        stop_with(&r, &problem);
    } else {
        read_relation(&r, name);
    }
    (void)sqlite3_finalize(r.rows);
    mtp_database_close(&r.database);
    if (r.collector.status == MTP_OK) {
        finish(&r, rules, table);
    }
    mtp_builder_free(&r.builder);
    return r.collector.status;
}
