/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/session.h"

#include "core/error.h"
#include "core/strbuf.h"
#include "table/functions.h"

#include <string.h>

/* A row of an expression may take TICKS times TICK steps of SQLite's virtual machine,
 * a query that and one TICK for every ROWS_A_TICK rows: ten thousand steps a row, where
 * a usual query takes fifty. Neither has loops, so that this stops only what no one has
 * thought of, and queries as long as a book. */
enum { TICK = 100 * 1000, TICKS = 100, ROWS_A_TICK = 10 };

static int on_progress(void *context)
{
    mtp_session *session = context;

    return ++session->ticks > session->most_ticks;
}

void mtp_session_row_done(mtp_session *session)
{
    session->ticks = 0;
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    mtp_session *session = context;

    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
        return session->selects++ == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_READ:
        return first && strcmp(first, MTP_DATA_NAME) == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return second && (mtp_function_find(second) ||
                          strcmp(second, MTP_FUNCTION_TO_TEXT) == 0 ||
                          strcmp(second, MTP_FUNCTION_TO_NUMBER) == 0 ||
                          (session->aggregates && mtp_aggregate_is_allowed(second)))
                   ? SQLITE_OK
                   : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

enum { DEEPEST = 1000 }; /* levels of operators */

static void set_limits(sqlite3 *db)
{
    static const struct {
        int what, limit;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, MTP_SESSION_TEXT},
        {SQLITE_LIMIT_SQL_LENGTH, MTP_SESSION_TEXT},
        {SQLITE_LIMIT_EXPR_DEPTH, DEEPEST},
        {SQLITE_LIMIT_COMPOUND_SELECT, 1},
        {SQLITE_LIMIT_VDBE_OP, 1000000},
        {SQLITE_LIMIT_FUNCTION_ARG, 100},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        (void)sqlite3_limit(db, limits[i].what, limits[i].limit);
    }
}

/* A misspelt "name" must not become a string. */
static int forbid_quoted_strings(sqlite3 *db)
{
    int code = sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);

    return code ? code : sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static mtp_status fail_sqlite(const mtp_session *session, int code, mtp_error *err)
{
    const char *message =
        session->db ? sqlite3_errmsg(session->db) : sqlite3_errstr(code);

    if (code == SQLITE_NOMEM) {
        return mtp_fail_nomem(err);
    }
    if (strstr(message, "Expression tree is too large")) {
        return mtp_fail(err, MTP_E_ARG,
                        "an expression chains more than %d operators; put parts of it "
                        "in parentheses, or say x IN (a, b, ...) for many comparisons",
                        DEEPEST);
    }
    if (strstr(message, "parser stack overflow")) {
        return mtp_fail(err, MTP_E_ARG,
                        "the expression is nested too deeply; put a part of it into a "
                        "column, or write it without so many parentheses");
    }
    return mtp_fail(err, MTP_E_ARG, "SQL is refused: %s", message);
}

static int prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement,
                   const char **tail)
{
    return sqlite3_prepare_v2(db, sql, -1, statement, tail);
}

/* A virtual table is connected when a statement first names it; connecting runs SQL of
 * its own, so that the authorizer comes after it. */
static int connect_data(sqlite3 *db, mtp_data *data)
{
    sqlite3_stmt *statement = NULL;
    int code = mtp_data_register(db, data);

    if (code == SQLITE_OK) {
        code = prepare(db, "SELECT 1 FROM " MTP_DATA_NAME, &statement, NULL);
    }
    (void)sqlite3_finalize(statement);
    return code;
}

mtp_status mtp_session_open(mtp_session *session, mtp_data *data, mtp_error *err)
{
    int code;

    *session = (mtp_session){.most_ticks = TICKS};
    code = sqlite3_open_v2(":memory:", &session->db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                               SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX,
                           NULL);
    if (code == SQLITE_OK) {
        set_limits(session->db);
        code = forbid_quoted_strings(session->db);
    }
    if (code == SQLITE_OK) {
        code = mtp_functions_register(session->db, data->decimal);
    }
    if (code == SQLITE_OK) { /* what is sorted stays in memory, too */
        code =
            sqlite3_exec(session->db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = connect_data(session->db, data);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_set_authorizer(session->db, authorize, session);
    }
    if (code != SQLITE_OK) {
        return fail_sqlite(session, code, err);
    }
    sqlite3_progress_handler(session->db, TICK, on_progress, session);
    return MTP_OK;
}

void mtp_session_close(mtp_session *session)
{
    (void)sqlite3_close(session->db);
    session->db = NULL;
}

mtp_status mtp_session_prepare(mtp_session *session, const char *sql,
                               sqlite3_stmt **statement, mtp_error *err)
{
    mtp_strbuf whole;
    const char *tail = "";
    mtp_status status = MTP_OK;
    int code;

    mtp_strbuf_init(&whole);
    /* The line end closes a comment, should there be one. */
    mtp_strbuf_printf(&whole, "SELECT (%s\n) FROM " MTP_DATA_NAME, sql);
    if (whole.failed) {
        mtp_strbuf_free(&whole);
        return mtp_fail_nomem(err);
    }
    *statement = NULL;
    code = prepare(session->db, whole.text, statement, &tail);
    if (code != SQLITE_OK) {
        status = fail_sqlite(session, code, err);
    } else if (*tail || sqlite3_column_count(*statement) != 1) {
        status = mtp_fail(err, MTP_E_ARG, "an option takes one expression");
    }
    if (status != MTP_OK) {
        (void)sqlite3_finalize(*statement);
        *statement = NULL;
    }
    mtp_strbuf_free(&whole);
    return status;
}

mtp_status mtp_session_prepare_query(mtp_session *session, const char *sql,
                                     mtp_query_context *context,
                                     sqlite3_stmt **statement, mtp_error *err)
{
    int code = mtp_aggregates_register(session->db, context);

    *statement = NULL;
    session->aggregates = true;
    session->most_ticks = TICKS + mtp_table_rows(context->table) / ROWS_A_TICK;
    if (code == SQLITE_OK) {
        code = prepare(session->db, sql, statement, NULL);
    }
    return code == SQLITE_OK ? MTP_OK : fail_sqlite(session, code, err);
}
