/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_QUERY_H
#define MTP_TABLE_QUERY_H

#include "table/expression.h"

/**
 * A query made ready for SQLite: checked and written anew like an expression, with what
 * SQL leaves open settled. Rows without ORDER BY, and equal ones with it, come in the
 * order in which they, or the first row of their group, stand in the table. A column
 * that is neither in GROUP BY nor in an aggregate becomes a call of mtp_one
 * (query_aggregates.h).
 *
 * The SQL's first column is the row of the table, or the first of the group; NULL for a
 * group without rows. The others are the results.
 */
typedef struct mtp_query {
    mtp_compiled compiled; /* freed by mtp_compiled_free */
    const char **name;     /* [results] */
    size_t results;
    const char **key; /* [keys] excerpts of the GROUP BY terms */
    size_t keys;
} mtp_query;

/**
 * Compile a query, in the grammar that metapool/table.h describes.
 *
 * @param arena  for what the result points to
 * @return as mtp_expression_compile
 */
mtp_status mtp_query_compile(const mtp_table *table, const char *sql, mtp_arena *arena,
                             mtp_query *query, mtp_error *err);

#endif
