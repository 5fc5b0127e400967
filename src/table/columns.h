/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_COLUMNS_H
#define MTP_TABLE_COLUMNS_H

#include "core/arena.h"
#include "table/chunk.h"

/** A column in the making. */
typedef struct mtp_growing {
    const char **text; /* NULL where missing */
    double *number;    /* NULL once the column is text */
    unsigned char *missing;
    bool overflows; /* some number is infinite */
} mtp_growing;

/**
 * The columns of a table in the making, to which chunks of rows are added. A column has
 * numbers as long as every chunk has them. Everything lies in the table's arena.
 */
typedef struct mtp_columns {
    mtp_arena *arena;
    size_t columns, rows, capacity;
    size_t *line;        /* of the rows */
    mtp_growing *column; /* [columns] */
    bool *is_text;       /* [columns] */
} mtp_columns;

/** @return false without memory, like the others */
bool mtp_columns_begin(mtp_columns *to, mtp_arena *arena, size_t columns);

/**
 * Room for the rows of a chunk that has been read, at the end of the others.
 * @param expected  rows that the table may have in the end; 0: nobody knows
 */
bool mtp_columns_make_room(mtp_columns *to, const mtp_chunk *chunk, size_t expected);

/** Copy a chunk's column `c` into its room, which begins at row `at`. Different columns
 * may be copied at the same time. */
void mtp_columns_copy(mtp_columns *to, size_t c, size_t at, const mtp_chunk *chunk);

/** Both, for all columns, of a table of unknown size. */
bool mtp_columns_add(mtp_columns *to, const mtp_chunk *chunk);

/** No more chunks: room that is left is given back. */
void mtp_columns_end(mtp_columns *to);

#endif
