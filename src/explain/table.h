/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_TABLE_H
#define MTP_EXPLAIN_TABLE_H

#include "explain/solution.h"

enum { MTP_TABLE_COLUMNS = 80, MTP_TABLE_CELL = 400 };

/** A table on its way to the reader. */
typedef struct mtp_table_work {
    mtp_solution *s;
    size_t n, k;
    const mtp_solution_column *column;
    const mtp_expr *formula[MTP_TABLE_COLUMNS]; /* NULL: given */
    double *value[MTP_TABLE_COLUMNS], *error[MTP_TABLE_COLUMNS];
    mtp_quantity *shown[MTP_TABLE_COLUMNS]; /* of the scope; its digits are decimals */
    int decimals[MTP_TABLE_COLUMNS];
    size_t turn; /* of choosing digits */
    double total[MTP_TABLE_COLUMNS];
} mtp_table_work;

/** Write it in the format of the solution; values and digits are there. */
void mtp_table_write(mtp_table_work *table);

/** table_text.c: as text; row k is that of the sums. */
void mtp_table_write_text(mtp_table_work *table, size_t rows);

/* What stands in it, in the notation of its format. */
/** What the rows are: "study". */
const char *mtp_table_row_name(const mtp_table_work *table);
/** "w_i = 1 / v_i", or the one of both that there is. */
void mtp_table_head(const mtp_table_work *table, size_t c, mtp_strbuf *out);
void mtp_table_cell(const mtp_table_work *table, size_t row, size_t c,
                    char text[MTP_TABLE_CELL]);

#endif
