/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_KIND_H
#define MTP_TABLE_KIND_H

#include "metapool/table.h"

#include <stdbool.h>

/**
 * What a part of an expression gives, known before it runs. SQL compares and adds text
 * and numbers without a word ('12O' + 1 is 13, 'x' > 1e9 is true), so that a column
 * that is text by a typing error would give figures; here it gives an error.
 */
typedef enum mtp_kind {
    MTP_KIND_NULL, /* always NULL: goes with everything */
    MTP_KIND_NUMBER,
    MTP_KIND_TEXT,
    MTP_KIND_MIXED, /* text in some rows, numbers in others */
} mtp_kind;

typedef struct mtp_operand {
    mtp_kind kind;
    const mtp_column *column; /* when it is a column by itself, else NULL */
    size_t start;             /* where its SQL begins in the compiled text */
} mtp_operand;

mtp_kind mtp_kind_of_column(const mtp_column *column);

/** The kind of a choice between two. */
mtp_kind mtp_kind_union(mtp_kind a, mtp_kind b);

bool mtp_kinds_compare(mtp_kind a, mtp_kind b);
bool mtp_kind_is_numeric(mtp_kind kind);

/** For messages: "column 'n' (text, as "12O" on line 14)". */
enum { MTP_OPERAND_TEXT = 256 };
const char *mtp_operand_describe(const mtp_table *table, const mtp_operand *operand,
                                 char text[MTP_OPERAND_TEXT]);

#endif
