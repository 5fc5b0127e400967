/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CHUNK_H
#define MTP_TABLE_CHUNK_H

#include "table/cells.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Rows of a table, of which many chunks are joined (columns.h): cells as pointers to
 * text that lies elsewhere, column by column, so that a column can be read in one go.
 * Memory is the chunk's own and is used again.
 */
typedef struct mtp_chunk {
    size_t columns, capacity, rows;
    size_t *line;           /* [capacity] */
    const char **text;      /* [columns][capacity], NULL where missing */
    double *number;         /* [columns][capacity], where the column has numbers */
    unsigned char *missing; /* [columns][capacity] */
    mtp_cells_kind *kind;   /* [columns] */
    void *cells, *values;   /* what holds line and text, and the rest */
    size_t cells_size, values_size;
} mtp_chunk;

/** Empty it, with room for `capacity` rows. @return false without memory */
bool mtp_chunk_begin(mtp_chunk *chunk, size_t columns, size_t capacity);
void mtp_chunk_free(mtp_chunk *chunk);

static inline void mtp_chunk_set(mtp_chunk *chunk, size_t column, const char *text)
{
    chunk->text[column * chunk->capacity + chunk->rows] = text;
}

/** The row is complete: all its cells are set, and there was room for it. */
static inline void mtp_chunk_end_row(mtp_chunk *chunk, size_t line)
{
    chunk->line[chunk->rows++] = line;
}

/**
 * Find what is missing and read the numbers of the columns that hold nothing else.
 * @param is_text  [columns] those known to hold something else, whose numbers nobody
 *                 needs; or NULL
 * @return false without memory
 */
bool mtp_chunk_read(mtp_chunk *chunk, mtp_cell_rules rules, const bool is_text[]);

#endif
