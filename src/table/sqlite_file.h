/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_SQLITE_FILE_H
#define MTP_TABLE_SQLITE_FILE_H

#include "metapool/table.h"

#include "table/cells.h"

#include <stdbool.h>
#include <stddef.h>

/** True for the first bytes of an SQLite database. */
bool mtp_is_sqlite(const char *bytes, size_t length);

/**
 * Read a table or view of an SQLite file; see mtp_table_read.
 *
 * @param name  of the table; NULL: the only one
 */
mtp_status mtp_sqlite_read(const char *path, const char *name, mtp_cell_rules rules,
                           mtp_table **table, mtp_problems *problems, mtp_error *err);

#endif
