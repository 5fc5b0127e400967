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

#endif
