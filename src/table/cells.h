/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CELLS_H
#define MTP_TABLE_CELLS_H

#include "metapool/table.h"

#include "core/arena.h"
#include "core/number.h"

/**
 * What a cell's text means, and columns made of cells.
 */
typedef enum mtp_cell {
    MTP_CELL_MISSING,
    MTP_CELL_NUMBER,
    MTP_CELL_OVERFLOW, /* a number beyond the largest double */
    MTP_CELL_TEXT,
} mtp_cell;

/** What cells are together: missing cells go with everything. */
typedef enum mtp_cells_kind {
    MTP_CELLS_NUMBERS,
    MTP_CELLS_OVERFLOW, /* numbers, some beyond the largest double */
    MTP_CELLS_TEXT,     /* at least one is text */
} mtp_cells_kind;

/** How a table writes its cells. */
typedef struct mtp_cell_rules {
    const char *const *missing; /* further words, NULL-terminated; or NULL */
    char decimal;               /* the decimal mark, '.' or ','; the other is none */
    unsigned *words;            /* gets a bit for each way to write missing that is met;
                                   or NULL. Only where cells are read by one thread */
} mtp_cell_rules;

/** The ways to write missing: bit 1 << i of mtp_cell_rules.words is the i-th, "" an
 *  empty or blank cell; NULL-terminated. */
extern const char *const mtp_missing_words[];

/** A number in its shortest form, with the decimal mark of a table. */
void mtp_cell_write(double value, char decimal, char text[MTP_NUMBER_TEXT]);

/**
 * Read a cell. Missing: empty or only blanks, NA, NaN, N/A and "." in any case, and the
 * further words. Numbers and blanks: core/number.h.
 *
 * @param value  out for numbers; infinite for an overflow
 */
mtp_cell mtp_cell_read(const char *text, mtp_cell_rules rules, double *value);

/**
 * Read the cells of a column.
 *
 * @param text     [rows] NULL where missing already; what is missing is set to NULL
 * @param number   out, [rows], NaN where missing; without meaning where a cell is text.
 *                 NULL: one is known to be
 * @param missing  out, [rows]
 */
mtp_cells_kind mtp_cells_read(size_t rows, const char **text, mtp_cell_rules rules,
                              double *number, unsigned char *missing);

/** True when a text is empty or holds only blanks. */
bool mtp_is_blank(const char *text);

/**
 * Make a typed column of cells.
 *
 * @param text       [rows] cells, NULL where missing already; the column keeps this
 *                   array and sets what is missing to NULL
 * @param column     out: all fields but the name. Overflowing cells of a number column
 *                   are infinite, and the caller reports them
 * @param overflows  out: how many such cells there are
 * @return MTP_OK or MTP_E_NOMEM
 */
mtp_status mtp_column_from_cells(mtp_arena *arena, size_t rows, const char **text,
                                 mtp_cell_rules rules, mtp_column *column,
                                 size_t *overflows);

#endif
