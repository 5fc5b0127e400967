/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_SESSION_H
#define MTP_TABLE_SESSION_H

#include "metapool/status.h"

#include "table/data_module.h"
#include "table/query_aggregates.h"

#include <sqlite3.h>

/**
 * An in-memory SQLite connection that can do nothing but compute over `data`: limits
 * are low, one SELECT may read that table and call the listed functions, all else is
 * denied.
 */
typedef struct mtp_session {
    sqlite3 *db;
    unsigned selects; /* prepared so far: one is allowed */
    bool aggregates;  /* may be called */
    size_t ticks;     /* of the progress handler, of an expression since the last row */
    size_t most_ticks;
} mtp_session;

/**
 * @param session  out; keep it in place, SQLite points to it. Close it in any case
 * @param data     must outlive the session
 */
mtp_status mtp_session_open(mtp_session *session, mtp_data *data, mtp_error *err);
void mtp_session_close(mtp_session *session);

/** Prepare the one statement `SELECT (sql) FROM data`. */
mtp_status mtp_session_prepare(mtp_session *session, const char *sql,
                               sqlite3_stmt **statement, mtp_error *err);

/**
 * Prepare the one statement of a query, which may call aggregates, and has time for
 * all rows of `data` together.
 */
mtp_status mtp_session_prepare_query(mtp_session *session, const char *sql,
                                     mtp_query_context *context,
                                     sqlite3_stmt **statement, mtp_error *err);

/** Tell the session that a row is done, so that the next one may take its time. */
void mtp_session_row_done(mtp_session *session);

/** Longest text that an expression may read or make. */
enum { MTP_SESSION_TEXT = 1024 * 1024 };

#endif
