/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_LEDGER_H
#define MTP_ANALYSIS_LEDGER_H

#include "analysis/bind.h"
#include "analysis/levels.h"

/**
 * What becomes of each row of a table: it is used, filtered by --where, or excluded for
 * a reason that the ledger tells.
 */
enum { MTP_ROW_USED, MTP_ROW_FILTERED, MTP_ROW_EXCLUDED };

/** The state of one binding: the table's rows, their fates, and where results go. */
typedef struct mtp_binder {
    const mtp_table *table;
    mtp_arena *arena;
    mtp_problems *problems;
    mtp_error *err;
    size_t rows;
    unsigned char *fate;    /* [rows] */
    const char **study;     /* [rows] labels */
    const mtp_labels *by;   /* subgroups of all rows; NULL: none, or not known yet */
    mtp_excluded *excluded; /* [rows] room */
    size_t n_excluded, n_filtered;
} mtp_binder;

/** Evaluate an expression into texts (and numbers, where it is a number column).
 *  @return MTP_OK; what mtp_table_evaluate says */
mtp_status mtp_bind_labels(mtp_binder *b, const char *expression, mtp_labels *out);

/** The variables of a formula, in labels[n_variables]; rows that lack one are excluded.
 */
mtp_status mtp_bind_moderators(mtp_binder *b, const mtp_formula *formula,
                               mtp_labels labels[]);

/** The same of the used rows: [n_variables] with [k] values each. */
mtp_status mtp_gather_moderators(const mtp_binder *b, const mtp_formula *formula,
                                 const mtp_labels labels[], size_t k,
                                 const size_t row[], const mtp_design_values **values);

/** The levels of --nested in labels[n_nested], and those of the used rows. */
mtp_status mtp_bind_nested(mtp_binder *b, const mtp_settings *s, mtp_labels labels[]);
mtp_status mtp_gather_nested(mtp_binder *b, const mtp_settings *s,
                             const mtp_labels labels[], mtp_binding *out);

/** Exclude a row; its reason reads "WHAT WHY". @return MTP_OK; MTP_E_NOMEM, as do all
 */
mtp_status mtp_exclude_row(mtp_binder *b, size_t row, const char *code,
                           const char *what, const char *why);
/** Rows whose values do not make an effect. */
mtp_status mtp_exclude_incomplete(mtp_binder *b, const mtp_settings *s,
                                  const mtp_binding *out);
/** Rows that say nothing about the effect. */
mtp_status mtp_exclude_uninformative(mtp_binder *b, const mtp_settings *s,
                                     const mtp_binding *out);
/** Rows without a value in a column. */
mtp_status mtp_exclude_without(mtp_binder *b, const double *column,
                               const char *expression);
/** Rows without a label. */
mtp_status mtp_exclude_unlabelled(mtp_binder *b, const mtp_labels *names,
                                  const char *code, const char *expression);

/** The rows that are left, and the ledger. @return also MTP_E_DATA when none is */
mtp_status mtp_count_rows(mtp_binder *b, mtp_binding *out);

#endif
