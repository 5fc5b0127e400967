/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_DATABASE_H
#define MTP_TABLE_DATABASE_H

#include "metapool/status.h"

#include <stdint.h>

#include <sqlite3.h>

/**
 * An SQLite file opened for nothing but reading, as a file that does not change: no
 * lock is taken, no -wal or -shm file made. Statements may only SELECT; functions whose
 * results depend on anything but the file are refused, and what runs away is stopped.
 */
typedef struct mtp_database {
    sqlite3 *db;
    const char *path; /* as given */
    uint64_t bytes;   /* of the file */
    uint64_t ticks;   /* of the progress handler so far */
    char refused[32]; /* the function that was refused last, or "" */
} mtp_database;

/**
 * @param database  out; keep it in place, SQLite points to it. Close it in any case
 * @return MTP_OK; MTP_E_DATA for changes that another program has not finished;
 *         MTP_E_SYNTAX for a damaged file; MTP_E_IO; MTP_E_NOMEM
 */
mtp_status mtp_database_open(mtp_database *database, const char *path, mtp_error *err);
void mtp_database_close(mtp_database *database);

/** Say why a call of SQLite's failed; `what` is what it was about ("table 't'"). */
mtp_status mtp_database_fail(const mtp_database *database, int code, const char *what,
                             mtp_error *err);

#endif
