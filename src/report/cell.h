/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_CELL_H
#define MTP_REPORT_CELL_H

#include "core/strbuf.h"

/**
 * A typed value of a document. The kind says what it is; the writers choose the digits.
 */
typedef enum mtp_cell_kind {
    MTP_CELL_EMPTY,            /* nothing belongs here */
    MTP_CELL_TEXT,             /* text, which outlives the document */
    MTP_CELL_COUNT,            /* whole numbers in full */
    MTP_CELL_NUMBER,           /* as given: all its digits */
    MTP_CELL_ESTIMATE,         /* `digits` decimals */
    MTP_CELL_STATISTIC,        /* one decimal less */
    MTP_CELL_PERCENT,          /* three decimals less; no sign */
    MTP_CELL_P,                /* value = {p, ln p}: "0.0259", "< 0.0001" */
    MTP_CELL_P_EQUATION,       /* the same with its name: "p = 0.0259" */
    MTP_CELL_INTERVAL,         /* value = {lower, upper}: "[0.0578, 0.0804]" */
    MTP_CELL_INTERVAL_PERCENT, /* the same in percent */
} mtp_cell_kind;

typedef struct mtp_cell {
    mtp_cell_kind kind;
    double value[2]; /* NaN: missing, shown as "-" */
    const char *text;
    int more; /* decimals beyond those of its kind, for a scale of small numbers */
} mtp_cell;

mtp_cell mtp_cell_text(const char *text); /* NULL: empty */
mtp_cell mtp_cell_number(mtp_cell_kind kind, double value);
mtp_cell mtp_cell_pair(mtp_cell_kind kind, double first, double second);

/**
 * Add the cell as people read it. Numbers keep blanks as blanks; text is added through
 * mtp_display_add.
 * @param digits  decimals of an estimate
 */
void mtp_cell_add(mtp_strbuf *out, const mtp_cell *cell, int digits);

#endif
