/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_SQLITE_FILE_H
#define MTP_TABLE_SQLITE_FILE_H

#include "metapool/table.h"

#include <stdbool.h>
#include <stddef.h>

/** True for the first bytes of an SQLite database. */
bool mtp_is_sqlite(const char *bytes, size_t length);

#endif
