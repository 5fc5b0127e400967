/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_TABLE_H
#define MTP_TABLE_TABLE_H

#include "metapool/table.h"

#include "core/arena.h"

/** A name of the header that could not stay: none, or one that stands there before. */
typedef struct mtp_mended {
    size_t column; /* of the file, from 0 */
    const char *written, *name;
} mtp_mended;

/** What a reader makes; everything lies in the arena. */
struct mtp_table {
    mtp_arena *arena;
    const char *source;
    const char *sha256;
    size_t rows, columns;
    char decimal;             /* mark of the numbers in its texts, '.' or ',' */
    const mtp_column *column; /* [columns] */
    const size_t *line;       /* [rows], 1-based, 0: none; or NULL: no row has one */
    size_t n_mended;          /* names of the file's header, of a forgiving reader */
    const mtp_mended *mended; /* [n_mended]; a query's result keeps those of its file */
    unsigned missing_words;   /* how missing values are written, of the same reader:
                                 mtp_cell_rules.words */
};

/** Say in err (may be NULL) where row `row` (from 0) stands: the source, and its line,
 * or the row where it has no line. */
void mtp_table_place(const mtp_table *table, size_t row, mtp_error *err);

struct mtp_values {
    mtp_arena *arena;
    mtp_column column;
};

/** The caller's options as far as its version knows them, defaults beyond.
 *  @return MTP_OK; MTP_E_ARG for a delimiter or decimal mark that cannot be */
mtp_status mtp_table_options_complete(const mtp_table_options *given,
                                      mtp_table_options *options, mtp_error *err);

#endif
