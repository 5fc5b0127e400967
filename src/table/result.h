/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_RESULT_H
#define MTP_TABLE_RESULT_H

#include "metapool/table.h"

#include "table/text_pool.h"

#include <stdbool.h>

#include <sqlite3.h>

/** What one column of SQL gives, row by row: a number, a text or nothing. */
typedef struct mtp_result {
    mtp_text_pool *pool; /* for the texts; its arena is that of the arrays */
    char decimal;        /* mark of numbers written as text */
    size_t rows, capacity;
    double *number;
    const char **text;
    bool has_text;
} mtp_result;

/** Make room for that many rows in all. @return false without memory */
bool mtp_result_reserve(mtp_result *result, size_t rows);

/**
 * Add the value of a statement's column in its current row.
 * @param what  "the expression", for messages
 * @return MTP_OK; MTP_E_DATA for infinity or a blob; MTP_E_NOMEM
 */
mtp_status mtp_result_add(mtp_result *result, sqlite3_stmt *statement, int column,
                          const char *what, mtp_error *err);

/**
 * Make a column of the results. Texts are typed as cells are; then numbers among them
 * are written as text.
 * @param infinite_row  out: of a text that is a number beyond the largest; else `rows`
 */
mtp_status mtp_result_column(mtp_result *result, mtp_column *column,
                             size_t *infinite_row, mtp_error *err);

#endif
