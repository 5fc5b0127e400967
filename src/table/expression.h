/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_EXPRESSION_H
#define MTP_TABLE_EXPRESSION_H

#include "metapool/table.h"

#include "core/arena.h"
#include "core/strbuf.h"

/**
 * An expression made ready for SQLite: checked, its columns found, written anew with
 * quoted names and without comments.
 */
typedef struct mtp_compiled {
    mtp_strbuf sql;            /* freed by mtp_compiled_free */
    const mtp_column **column; /* [columns] those it names, in the arena */
    size_t columns, capacity;
} mtp_compiled;

/**
 * Compile an expression. The grammar is that of SQLite's expressions without queries,
 * parameters, blobs, aggregates and windows; what is not in it is refused before SQLite
 * sees it.
 *
 * @param arena  for what the result points to
 * @return MTP_OK; MTP_E_ARG (syntax, refused); MTP_E_DATA (unknown or ambiguous column,
 *         text where a number is needed); MTP_E_NOMEM
 */
mtp_status mtp_expression_compile(const mtp_table *table, const char *expression,
                                  mtp_arena *arena, mtp_compiled *compiled,
                                  mtp_error *err);
void mtp_compiled_free(mtp_compiled *compiled);

#endif
