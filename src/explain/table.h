/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_TABLE_H
#define MTP_EXPLAIN_TABLE_H

#include "explain/solution.h"

enum { MTP_TABLE_COLUMNS = 80, MTP_TABLE_CELL = 400 };

/** What a line of a table holds. */
typedef enum mtp_work_kind {
    MTP_LINE_ROW,
    MTP_LINE_GROUP, /* the name of the rows that follow */
    MTP_LINE_SUBTOTAL,
    MTP_LINE_TOTAL,
} mtp_work_kind;

typedef struct mtp_work_line {
    mtp_work_kind kind;
    size_t at; /* row or group */
} mtp_work_line;

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
    bool grouped; /* some column has subtotals */
    size_t n_lines;
    mtp_work_line *line; /* [n_lines] below the head */
} mtp_table_work;

/** The sum of a column over a group; what cancels but for rounding is 0. */
double mtp_table_subtotal(const mtp_table_work *table, size_t c, size_t group);

/** Write it in the format of the solution; values and digits are there. */
void mtp_table_write(mtp_table_work *table);

/** table_text.c: as text. */
void mtp_table_write_text(mtp_table_work *table);

/* What stands in it, in the notation of its format. */
/** What the rows are: "study". */
const char *mtp_table_row_name(const mtp_table_work *table);
/** "w_i = 1 / v_i", or the one of both that there is. */
void mtp_table_head(const mtp_table_work *table, size_t c, mtp_strbuf *out);
const char *mtp_table_label(const mtp_table_work *table, mtp_work_line line);
/** Empty where the line has none. */
void mtp_table_cell(const mtp_table_work *table, mtp_work_line line, size_t c,
                    char text[MTP_TABLE_CELL]);

#endif
