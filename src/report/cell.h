/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_CELL_H
#define MTP_REPORT_CELL_H

#include "core/strbuf.h"

/**
 * A typed value of a document. The kind says what it is; the writers choose the digits.
 */
typedef enum mtp_doc_kind {
    MTP_DOC_EMPTY,            /* nothing belongs here */
    MTP_DOC_TEXT,             /* text, which outlives the document */
    MTP_DOC_COUNT,            /* whole numbers in full */
    MTP_DOC_FRACTION,         /* value = {x, n}: "4/123" */
    MTP_DOC_DECIMALS,         /* value = {x, decimals}, whatever the digits are */
    MTP_DOC_NUMBER,           /* as given: all its digits */
    MTP_DOC_ESTIMATE,         /* `digits` decimals */
    MTP_DOC_STATISTIC,        /* one decimal less */
    MTP_DOC_PERCENT,          /* three decimals less; no sign */
    MTP_DOC_P,                /* value = {p, ln p}: "0.0259", "< 0.0001" */
    MTP_DOC_P_EQUATION,       /* the same with its name: "p = 0.0259" */
    MTP_DOC_INTERVAL,         /* value = {lower, upper}: "[0.0578, 0.0804]" */
    MTP_DOC_INTERVAL_PERCENT, /* the same in percent */
} mtp_doc_kind;

typedef struct mtp_doc_cell {
    mtp_doc_kind kind;
    double value[2]; /* NaN: missing, shown as "-" */
    const char *text;
    int more; /* decimals beyond those of its kind, for a scale of small numbers */
} mtp_doc_cell;

mtp_doc_cell mtp_doc_cell_text(const char *text); /* NULL: empty */
mtp_doc_cell mtp_doc_cell_number(mtp_doc_kind kind, double value);
mtp_doc_cell mtp_doc_cell_pair(mtp_doc_kind kind, double first, double second);

/**
 * Add the cell as people read it. Numbers keep blanks as blanks; text is added through
 * mtp_display_add.
 * @param digits  decimals of an estimate
 */
void mtp_doc_cell_add(mtp_strbuf *out, const mtp_doc_cell *cell, int digits);

#endif
