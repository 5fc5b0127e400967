/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_REGRESS_H
#define MTP_EXPLAIN_REGRESS_H

#include "explain/work.h"

/**
 * Parts of the work on a regression. Formulas know y_i, v_i, the columns x_1_i, x_2_i,
 * ... , k, p, and once the equations were solved b_j and V_i_j, the inverse of X'WX
 * (its lower triangle).
 */
typedef struct mtp_explain_regression {
    mtp_explain_work *work;
    mtp_solution *s;
    const mtp_regress_result *fit;
    size_t p;
    mtp_explain_set set;
    double *const *x;          /* [p][k] columns */
    const char *const *x_name; /* [p] "x_1_i", ... */
} mtp_explain_regression;

/** What the analysis has for the equations X'WX b = X'Wy and their inverse. */
typedef struct mtp_explain_solved {
    const double *b, *V; /* [p], [p * p] */
} mtp_explain_solved;

/** That by the analysis's own fit at a given tau2 (and inverse variances). */
bool mtp_regress_solved_at(mtp_explain_regression *m, double tau2,
                           mtp_explain_solved *made);

/** How inference sees the coefficients. */
typedef struct mtp_explain_inference {
    const char *covariance; /* formula of an element, # its row and @ its column from 1:
                               "q * V_#_@" */
    const char *df;         /* of t, a formula; NULL: normal */
} mtp_explain_inference;

/** A text with # and @ replaced by a + 1 and b + 1; NULL without memory. */
const char *mtp_regress_text(mtp_solution *s, const char *format, size_t a, size_t b);

/** regress.c: y_i, v_i and the moderators in a table; returns their number. */
size_t mtp_regress_columns(const mtp_explain_regression *m,
                           mtp_solution_column column[]);
/** The sums of X'WX and X'Wy at weights `w` = `weight`, and their solution. */
void mtp_regress_equations(mtp_explain_regression *m, const char *weight, const char *w,
                           const mtp_explain_solved *figures);
/** A table of the residuals r_i, and of what estimators of tau2 take of them and w. */
void mtp_regress_residuals(mtp_explain_regression *m, const char *weight,
                           const char *w);

/** regress_tau2.c: the regression without tau2, Q_E, and tau2 where it has a formula;
 *  false: it is found by search, and checked by _verify at the residuals. */
bool mtp_regress_tau2(mtp_explain_regression *m);
void mtp_regress_tau2_verify(mtp_explain_regression *m);
/** I2, H2 and R2. */
void mtp_regress_heterogeneity(mtp_explain_regression *m);

/** regress_tests.c: the factor q, where there is one, then how tests see the
 *  coefficients. */
mtp_explain_inference mtp_regress_inference(mtp_explain_regression *m);
/** Coefficients with their tests and intervals, and the tests of several. */
void mtp_regress_tests(mtp_explain_regression *m, const mtp_explain_inference *how);

#endif
