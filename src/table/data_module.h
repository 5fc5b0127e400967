/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_DATA_MODULE_H
#define MTP_TABLE_DATA_MODULE_H

#include "metapool/table.h"

#include <sqlite3.h>

/**
 * Columns as a read-only SQLite table named `data`: number columns are REAL, text
 * columns TEXT, missing is NULL. Column i is called c<i>, whatever its header is, and
 * one more holds the number of the row, from 1. The table exists in a connection once
 * the module is registered, without a CREATE statement.
 */
#define MTP_DATA_NAME   "data"
#define MTP_DATA_COLUMN "c%zu"
#define MTP_DATA_ROW    "nr"

enum { MTP_DATA_COLUMNS = 1999 }; /* with the number of the row SQLite's 2000 */

typedef struct mtp_data {
    size_t rows, columns;
    const mtp_column **column; /* [columns] */
    char decimal;              /* mark of numbers written as text, '.' or ',' */
} mtp_data;

/** @param data  borrowed until the connection is closed. @return an SQLite code */
int mtp_data_register(sqlite3 *db, mtp_data *data);

#endif
