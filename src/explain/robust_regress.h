/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_ROBUST_REGRESS_H
#define MTP_EXPLAIN_ROBUST_REGRESS_H

#include "explain/regress.h"
#include "explain/robust.h"

/**
 * The robust covariance of a regression, and cr2's degrees of freedom, which rest on
 * the working model. With V = L D L' and z = x L, the residuals of a cluster g count
 * with s_a_i in coefficient a, and the parts of the clusters g and h in coefficients a
 * and b have the covariance
 *   [g = h] e_a_b_g - sum_l q_a_l_g q_b_l_h                            or, with weights
 *   [g = h] e_a_b_g - sum_l (q_a_l_g k_b_l_h + k_a_l_g q_b_l_h)
 * with p_a_b_g that of g = h and b_a_b_g its sum. Of a = b the names have one index.
 */
typedef struct mtp_sandwich {
    mtp_explain_regression *m;
    mtp_explain_robust r;
    const char *w; /* "ws_i" or "a_i" */
    bool *worked;  /* [p] coefficients whose moments are known */
    /* columns that tests take after the section of the covariance */
    const mtp_quantity *kept;
    size_t n_kept;
    double *eta; /* [2^p] of the sets of coefficients that were worked; or 0 */
} mtp_sandwich;

/** Columns of a table to be. */
typedef struct mtp_sandwich_table {
    mtp_solution *s;
    mtp_sandwich *of; /* or NULL */
    size_t n;
    mtp_solution_column column[80];
} mtp_sandwich_table;

/* robust_columns.c */
/** A column; one whose sum over each cluster stands below; one with its sum; one that
 *  the scope has. Names and formulas may be NULL without memory. */
void mtp_sandwich_add(mtp_sandwich_table *t, const char *name, const char *formula);
void mtp_sandwich_part(mtp_sandwich_table *t, const char *formula);
void mtp_sandwich_total(mtp_sandwich_table *t, const char *formula);
void mtp_sandwich_known(mtp_sandwich_table *t, const char *name);
/** T of column j. */
void mtp_sandwich_weights(mtp_sandwich_table *t, size_t j);
/** y_i (with `effects`), v_i and the moderators. */
void mtp_sandwich_base(mtp_sandwich_table *t, bool effects);
void mtp_sandwich_write(mtp_sandwich_table *t);

/** A text with # and @ replaced by a + 1 and b + 1, one by printf, and the sum of two,
 *  of which the first may be NULL. */
const char *mtp_sandwich_text(mtp_sandwich *of, const char *format, size_t a, size_t b);
const char *mtp_sandwich_format(mtp_sandwich *of, const char *format, ...)
    MTP_PRINTF(2, 3);
const char *mtp_sandwich_sum(mtp_sandwich *of, const char *sum, const char *part);
/** "p_2_1_g", and of a = b "p_2_g"; the same of either order. */
const char *mtp_sandwich_pair(mtp_sandwich *of, const char *letter, size_t a, size_t b);
/** Row j of V by what a cluster or a study has for each column: "t_#_g". */
const char *mtp_sandwich_row_of_V(mtp_sandwich *of, size_t j, const char *by);

/** Tables have the rows of the clusters and the kept columns once more, until _close.
 *  @return what to give to _close */
size_t mtp_sandwich_open(mtp_sandwich *of);
void mtp_sandwich_close(mtp_sandwich *of, size_t mark);

/** robust_satterthwaite.c: nu_1, nu_2, ... */
void mtp_sandwich_degrees_of_freedom(mtp_sandwich *of);
/** robust_contrast.c: df_K of a contrast, elements of `c` that are NULL being 0 and
 *  those that are "" being 1; false: it is not worked. */
bool mtp_sandwich_contrast(mtp_sandwich *of, const char *const c[], double df);

/** robust_hotelling.c: eta of the test of q coefficients; false: it is not worked. */
bool mtp_sandwich_hotelling(mtp_sandwich *of, size_t q, const size_t at[]);

#endif
