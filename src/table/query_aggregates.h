/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_QUERY_AGGREGATES_H
#define MTP_TABLE_QUERY_AGGREGATES_H

#include "metapool/table.h"

#include "table/functions.h"

#include <sqlite3.h>

/** The aggregate of this name (case ignored) as a function of a row is, or NULL. */
const mtp_function *mtp_aggregate_find(const char *name);

/** True for what SQLite may call beside the functions of a row. */
bool mtp_aggregate_is_allowed(const char *name);

/**
 * An aggregate that a query's SQL contains and a person does not write: the one value
 * that a column has in a group, where SQLite would pick a row in silence.
 *   mtp_one(column, row, index into `column`, the group's keys...)
 * It fails where two rows differ, and fills `err` with both, the group and the column.
 */
#define MTP_AGGREGATE_ONE "mtp_one"

enum { MTP_KEYS_NAMED = 8 }; /* of a group's keys, in messages */

/** What the functions of a query need to know of it. */
typedef struct mtp_query_context {
    const mtp_table *table;
    const mtp_column *const *column; /* those of the SQL table `data` */
    const char *const *key;          /* [keys] excerpts of the GROUP BY terms */
    size_t keys;
    bool failed; /* err says why */
    mtp_error *err;
} mtp_query_context;

/**
 * Register mtp_one, and sum, total and avg in place of SQLite's: summed in
 * double-double, and an error where the result is infinite.
 * @param context  borrowed until the connection is closed
 * @return an SQLite code
 */
int mtp_aggregates_register(sqlite3 *db, mtp_query_context *context);

#endif
