/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L /* stat */
#include "table/database.h"

#include "core/error.h"
#include "core/strbuf.h"
#include "table/token.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A plain table takes a few steps of SQLite's virtual machine a byte. Views may take
 * more, and what is beyond both figures was not made to be read. */
enum {
    TICK = 100 * 1000, /* steps between two calls of the progress handler */
    TICKS_ALWAYS = 500,
    BYTES_A_TICK = 100,
};

enum { ROW_LIMIT = 64 * 1024 * 1024 };

static int on_progress(void *context)
{
    mtp_database *database = context;

    return ++database->ticks > TICKS_ALWAYS + database->bytes / BYTES_A_TICK;
}

/* What does not depend on the file alone: chance, the clock, the connection. */
static bool is_refused(const char *function)
{
    static const char *const names[] = {"random",
                                        "randomblob",
                                        "load_extension",
                                        "date",
                                        "time",
                                        "datetime",
                                        "julianday",
                                        "unixepoch",
                                        "strftime",
                                        "timediff",
                                        "current_date",
                                        "current_time",
                                        "current_timestamp",
                                        "changes",
                                        "total_changes",
                                        "last_insert_rowid",
                                        "fts3_tokenizer"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (mtp_same_name(function, names[i])) {
            return true;
        }
    }
    return false;
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *schema, const char *trigger)
{
    mtp_database *database = context;

    (void)first;
    (void)schema;
    (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        if (second && !is_refused(second)) {
            return SQLITE_OK;
        }
        mtp_copy_text(database->refused, sizeof database->refused,
                      second ? second : "");
        return SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int what, limit;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, ROW_LIMIT},        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256}, {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 0},       {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        (void)sqlite3_limit(db, limits[i].what, limits[i].limit);
    }
}

/* Virtual tables run code of their own on the bytes of the file: none is known here. */
static int restrict_connection(mtp_database *database)
{
    sqlite3 *db = database->db;
    int code;

    set_limits(db);
    code = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_drop_modules(db, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
                            NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_set_authorizer(db, authorize, database);
    }
    sqlite3_progress_handler(db, TICK, on_progress, database);
    return code;
}

/* The path as a URI; two slashes begin an absolute one, for what follows the first two
 * would be a host. */
static void add_uri(mtp_strbuf *uri, const char *path)
{
    mtp_strbuf_add(uri, path[0] == '/' ? "file://" : "file:");
    for (const char *at = path; *at; at++) {
        if (strchr("?#%", *at)) {
            mtp_strbuf_printf(uri, "%%%02X", (unsigned)(unsigned char)*at);
        } else {
            mtp_strbuf_add_char(uri, *at);
        }
    }
    mtp_strbuf_add(uri, "?mode=ro&immutable=1");
}

/* The first bytes of a file without a buffer, which would need memory. */
static mtp_status first_bytes(const char *path, unsigned char *to, size_t size,
                              size_t *length, mtp_error *err)
{
    FILE *file = fopen(path, "rb");

    if (!file && errno == ENOMEM) {
        return mtp_fail_nomem(err);
    }
    if (!file) {
        *length = 0;
        return errno == ENOENT ? MTP_OK
                               : mtp_fail_at(err, MTP_E_IO, path, 0, NULL,
                                             "reading failed: %s", strerror(errno));
    }
    (void)setvbuf(file, NULL, _IONBF, 0);
    *length = fread(to, 1, size, file);
    (void)fclose(file);
    return MTP_OK;
}

/* A file is a whole number of pages, whose size its header has (0x0001 is 65,536).
 * SQLite takes what the last page lacks for zeros, and a row for one of NULLs. */
static mtp_status check_whole(const mtp_database *database, mtp_error *err)
{
    unsigned char header[18] = {0};
    size_t length = 0;
    mtp_status status =
        first_bytes(database->path, header, sizeof header, &length, err);
    unsigned page = (unsigned)header[16] << 8 | header[17];

    page = page == 1 ? 65536 : page;
    if (status == MTP_OK &&
        (length < sizeof header || page == 0 || database->bytes % page != 0)) {
        status = mtp_fail_at(err, MTP_E_SYNTAX, database->path, 0, NULL,
                             "the database is damaged or cut short");
    }
    return status;
}

/* Whether a file beside the database holds changes: it is there, is not empty, and does
 * not begin with a NUL byte, as a journal does that is kept for the next change. */
static mtp_status check_beside(const char *path, bool *changes, mtp_error *err)
{
    unsigned char byte = 0;
    size_t length = 0;
    mtp_status status =
        path && *path ? first_bytes(path, &byte, 1, &length, err) : MTP_OK;

    *changes = length == 1 && byte != 0;
    return status;
}

/* What is immutable has no changes beside it: SQLite would not look, so we do. */
static mtp_status check_finished(const mtp_database *database, mtp_error *err)
{
    const char *name = sqlite3_db_filename(database->db, "main");
    bool wal, journal;
    mtp_status status =
        check_beside(name ? sqlite3_filename_wal(name) : NULL, &wal, err);

    if (status == MTP_OK) {
        status =
            check_beside(name ? sqlite3_filename_journal(name) : NULL, &journal, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (wal) {
        return mtp_fail_at(err, MTP_E_DATA, database->path, 0, NULL,
                           "its newest changes are still in the file that ends in "
                           "-wal; close the program that has it open, or run: sqlite3 "
                           "FILE 'PRAGMA wal_checkpoint(TRUNCATE)'");
    }
    if (journal) {
        return mtp_fail_at(err, MTP_E_DATA, database->path, 0, NULL,
                           "a change is not finished (there is a file that ends in "
                           "-journal); wait for the program that writes, or, if it "
                           "broke off, open the database once with it or with sqlite3");
    }
    return MTP_OK;
}

static int open_uri(mtp_database *database)
{
    mtp_strbuf uri;
    int code = SQLITE_NOMEM;

    mtp_strbuf_init(&uri);
    add_uri(&uri, database->path);
    if (!uri.failed) {
        code = sqlite3_open_v2(
            uri.text, &database->db,
            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    }
    mtp_strbuf_free(&uri);
    return code == SQLITE_OK ? restrict_connection(database) : code;
}

mtp_status mtp_database_open(mtp_database *database, const char *path, mtp_error *err)
{
    struct stat info = {0};
    mtp_status status;
    int code;

    *database = (mtp_database){.path = path};
    if (stat(path, &info) == 0) {
        database->bytes = (uint64_t)info.st_size;
    }
    code = open_uri(database);
    if (code != SQLITE_OK) {
        return mtp_database_fail(database, code, "the database", err);
    }
    status = check_whole(database, err);
    return status == MTP_OK ? check_finished(database, err) : status;
}

void mtp_database_close(mtp_database *database)
{
    (void)sqlite3_close(database->db);
    database->db = NULL;
}

mtp_status mtp_database_fail(const mtp_database *database, int code, const char *what,
                             mtp_error *err)
{
    const char *path = database->path;
    const char *text =
        database->db ? sqlite3_errmsg(database->db) : sqlite3_errstr(code);

    switch (code & 0xFF) { /* without SQLite's finer distinctions */
    case SQLITE_NOMEM:
        return mtp_fail_nomem(err);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return mtp_fail_at(err, MTP_E_SYNTAX, path, 0, NULL,
                           "the database is damaged or encrypted: %s", text);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return mtp_fail_at(err, MTP_E_IO, path, 0, NULL, "reading failed: %s", text);
    case SQLITE_INTERRUPT:
        return mtp_fail_at(err, MTP_E_DATA, path, 0, NULL,
                           "%s takes too long to compute; put its rows into a table",
                           what);
    case SQLITE_TOOBIG:
        return mtp_fail_at(err, MTP_E_DATA, path, 0, NULL,
                           "%s: a row is larger than 64 MiB", what);
    default:
        break;
    }
    if (database->refused[0]) {
        return mtp_fail_at(err, MTP_E_DATA, path, 0, NULL,
                           "%s calls %s, whose result depends on more than the file; "
                           "put its rows into a table",
                           what, database->refused);
    }
    return mtp_fail_at(err, MTP_E_DATA, path, 0, NULL, "%s cannot be read: %s", what,
                       text);
}
