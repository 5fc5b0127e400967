/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_RELATIONS_H
#define MTP_TABLE_RELATIONS_H

#include "metapool/status.h"

#include "core/arena.h"
#include "table/database.h"

/**
 * The tables and views of a database.
 */
typedef enum mtp_relation_kind {
    MTP_RELATION_TABLE,
    MTP_RELATION_VIEW,
    MTP_RELATION_VIRTUAL, /* a table of a module, such as full-text search: not read */
} mtp_relation_kind;

typedef struct mtp_relation {
    const char *name;
    mtp_relation_kind kind;
} mtp_relation;

/**
 * Find a table or view by name, ASCII case ignored.
 *
 * @param name      NULL: the only one there is
 * @param scratch   keeps the name
 * @param relation  out
 * @return MTP_OK; MTP_E_ARG where a name is needed; MTP_E_DATA where none or no such
 *         table is there, the tables listed; MTP_E_SYNTAX for a damaged file; ...
 */
mtp_status mtp_relation_choose(const mtp_database *database, const char *name,
                               mtp_arena *scratch, mtp_relation *relation,
                               mtp_error *err);

/**
 * Prepare the statement that gives all columns and rows: a table's in the order of its
 * rowid or primary key, a view's as they come.
 * @return SQLite's code
 */
int mtp_relation_select(const mtp_database *database, const mtp_relation *relation,
                        sqlite3_stmt **rows);

/** For messages: "view 'v'". */
enum { MTP_RELATION_TEXT = 96 };
const char *mtp_relation_describe(const mtp_relation *relation,
                                  char text[MTP_RELATION_TEXT]);

#endif
