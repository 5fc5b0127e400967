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
    double *const *x;           /* [p][k] columns */
    const char *const *x_name;  /* [p] "x_1_i", ... */
    const double *weight;       /* [k] that are given, not made by a formula; or NULL */
    const mtp_moderators *mods; /* NULL: those of the bundle */
} mtp_explain_regression;

/** What the analysis has for the equations X'WX b = X'Wy and their inverse. */
typedef struct mtp_explain_solved {
    const double *b, *V; /* [p], [p * p]; V NULL: the inverse is not wanted */
    const char *name;    /* what the solution is called; NULL: "b" */
} mtp_explain_solved;

/** How inference sees the coefficients. Members that are not set are NULL. */
typedef struct mtp_explain_inference {
    const char *covariance; /* an element, # its row and @ its column from 1, the row
                               not being the smaller: "V_#_@" */
    const char *df;         /* of t, a formula; NULL: normal */
    const char *factor;     /* of the covariance: "q"; NULL: none */
    bool contained; /* with own_df: of a test the smallest of its coefficients */
    bool own_df;    /* every coefficient and combination has its degrees of freedom:
                       nu_1, nu_2, ... */
    struct mtp_sandwich *robust; /* robust_regress.h */
} mtp_explain_inference;

/** A text with # and @ replaced by a + 1 and b + 1; and one by printf. Without memory
 * "0", which is a formula. */
const char *mtp_regress_text(mtp_solution *s, const char *format, size_t a, size_t b);
const char *mtp_regress_format(mtp_solution *s, const char *format, ...)
    MTP_PRINTF(2, 3);

/** regress.c: the equations with tau2, which is in the scope. */
void mtp_regress_solve(mtp_explain_regression *m);

/** regress_equations.c: the analysis's own fit of the studies with these variances. */
bool mtp_regress_fit_with(const mtp_explain_regression *m, const double variance[],
                          const mtp_regress_options *options, mtp_regress_result **fit);
/** What the analysis's own fit has at a given tau2; at other
 *  weights. */
bool mtp_regress_solved_at(mtp_explain_regression *m, double tau2,
                           mtp_explain_solved *made);
bool mtp_regress_solved_by(mtp_explain_regression *m, const double weight[],
                           mtp_explain_solved *made);
/** With weights of their own: V is then the covariance R. */
bool mtp_regress_solved_with(mtp_explain_regression *m, const double weight[],
                             double tau2, mtp_explain_solved *made);

/** tau2 by another estimator. */
bool mtp_regress_tau2_by(mtp_explain_regression *m, mtp_tau2_method method,
                         double *tau2);

/** A covariance without what is 0 but for rounding, as that of orthogonal columns. */
const double *mtp_regress_cleared(mtp_solution *s, size_t p, const double vcov[]);

/** Columns of tables, from the n-th; each returns how many there are then: y_i, v_i and
 *  the moderators, which are the first; one that the scope has; a formula with its sum.
 */
size_t mtp_regress_columns(const mtp_explain_regression *m,
                           mtp_solution_column column[]);
size_t mtp_regress_known(mtp_explain_regression *m, mtp_solution_column column[],
                         size_t n, const char *name);
size_t mtp_regress_total(mtp_explain_regression *m, mtp_solution_column column[],
                         size_t n, const char *format, ...) MTP_PRINTF(4, 5);

/** A line: name = sum of a formula over the studies, which a table has; what cancels
 * but for rounding is 0. */
void mtp_regress_sum(mtp_explain_regression *m, const char *name, const char *format,
                     ...) MTP_PRINTF(3, 4);

/** The sums of X'WX and X'Wy at weights `w` = `weight` (NULL: m->weight), and their
 *  solution. */
void mtp_regress_equations(mtp_explain_regression *m, const char *weight, const char *w,
                           const mtp_explain_solved *figures);
/**
 * After them a table of the residuals r_i, of columns z_2_i, z_3_i, ... , which are
 * those of moderators made orthogonal by the factor (x_1_i is the first), and of h_i =
 * x_i'Vx_i, which is the sum of z^2 / d; with the sums that estimators of tau2 take.
 */
void mtp_regress_residuals(mtp_explain_regression *m, const char *weight,
                           const char *w);
/** x_1_i, z_2_i, ... of j = 0, 1, ... */
const char *mtp_regress_orthogonal_name(mtp_solution *s, size_t j);

/** regress_tau2.c: the regression without tau2, Q_E, and tau2 where it has a formula;
 *  false: it is found by search, and checked by _verify at the residuals. */
bool mtp_regress_tau2(mtp_explain_regression *m);
/** Its first part: the regression without tau2. */
void mtp_regress_without(mtp_explain_regression *m);
void mtp_regress_tau2_verify(mtp_explain_regression *m);
/** [k] weights by a formula (NULL: m->weight), and the regression at them, whose
 *  weights are called a_i. */
double *mtp_regress_weights_by(mtp_explain_regression *m, const char *formula);
void mtp_regress_solve_weighted(mtp_explain_regression *m, const char *formula);
/** T_2, the trace of (P E)^2, E the diagonal `e` (NULL: ones), P at weights w. */
void mtp_regress_trace_of_square(mtp_explain_regression *m, const char *w,
                                 const char *e);
/** regress_generalized.c: tau2 by GENQM, with its standard error; the limits j and bj.
 *  @return false: nothing was written, there are too many studies */
bool mtp_regress_median_unbiased(mtp_explain_regression *m);
bool mtp_regress_generalized_limits(mtp_explain_regression *m,
                                    const mtp_tau2_interval *ci);
/** regress_spread.c: the Q-profile interval of tau2, which takes regressions at its
 *  limits; I2, H2, R2 and the other intervals; the log-likelihood. */
void mtp_regress_profile(mtp_explain_regression *m);
void mtp_regress_heterogeneity(mtp_explain_regression *m);
void mtp_regress_likelihood(mtp_explain_regression *m);
/** C and v_t, after the regression with weights w_i = 1 / v_i. */
void mtp_regress_typical(mtp_explain_regression *m);
/** tau2_0, with which R2 compares tau2; nothing where there is no R2. */
void mtp_regress_null(mtp_explain_regression *m);
/** R2, tau2 being known; nothing where there is none. */
void mtp_regress_explained(mtp_explain_regression *m);
/** D_A and D_0, logarithms of the determinants of A, which was factored, and X'X. */
void mtp_regress_determinants(mtp_explain_regression *m);

/** nested_regress.c: why a regression in nested levels cannot be worked, or NULL; the
 *  work after the list of moderators. */
const char *mtp_explain_nested_refusal(const mtp_regress_result *fit);
void mtp_explain_nested_regress(mtp_explain_regression *m);
/** scale.c: the same of location-scale models. */
const char *mtp_explain_scale_refusal(const mtp_regress_result *fit);
void mtp_explain_scale(mtp_explain_regression *m);
/** scale_information.c: the information I_i_j on alpha, after the equations of the
 * scale; its inverse C_i_j, or false where it is not worked; the test of all alpha but
 * the intercept. */
void mtp_explain_scale_information(mtp_explain_regression *m, bool restricted);
bool mtp_explain_scale_covariance(mtp_explain_regression *m);
void mtp_explain_scale_omnibus(mtp_explain_regression *m, bool worked);

/** mixed_regress.c: mixed models of counts, after the list of moderators. */
void mtp_explain_mixed_regress(mtp_explain_regression *m);

/** regress_weights.c: the coefficients at given weights, and their covariance R_i_j
 *  without the factor q, in which tau2 and v stand between them. */
void mtp_regress_weights(mtp_explain_regression *m);

/** regress_tests.c: the factor q, where there is one, then how tests see the
 *  coefficients. */
mtp_explain_inference mtp_regress_inference(mtp_explain_regression *m);
/** robust_regress.c: the robust covariance U_i_j of a regression with clusters. */
void mtp_regress_robust(mtp_explain_regression *m, mtp_explain_inference *how);
/** An element of the covariance with its factor. */
const char *mtp_regress_variance(mtp_explain_regression *m,
                                 const mtp_explain_inference *how, size_t i, size_t j);
/** Coefficients with their tests and intervals, and the tests of several. */
void mtp_regress_tests(mtp_explain_regression *m, const mtp_explain_inference *how);
/** Standard error, test and interval of what a formula gives; `variance` is a formula
 *  without the factor. */
void mtp_regress_estimate(mtp_explain_regression *m, const mtp_explain_inference *how,
                          const char *of, const char *variance,
                          const mtp_coefficient *c);
/** The smallest nu of q coefficients: "min(nu_2, nu_3)". */
const char *mtp_regress_smallest_df(mtp_explain_regression *m, size_t q,
                                    const size_t at[]);
/** The probability below the quantile of the level: "0.975". */
const char *mtp_regress_below(mtp_explain_regression *m);

/** regress_means.c: contrasts, marginal means, predictions. */
void mtp_regress_means(mtp_explain_regression *m, const mtp_explain_inference *how);
/** What is said where variances of means lose their digits. */
#define MTP_REGRESS_LOST                                                               \
    "They are not worked here: the moderators are so large beside their spread that "  \
    "the sums of the variances lose their digits; it takes a moderator less its "      \
    "mean, as (year - 2000)."

/** Means that are predicted: a row of a table each. */
typedef struct mtp_regress_means_table {
    size_t n, columns;
    bool lost;                         /* a variance has too few digits to be worked */
    const mtp_regress_prediction **of; /* [n] */
    mtp_solution_column column[80];
    bool short_of;  /* some have no interval of their own, and are left out */
    bool limited;   /* they have intervals */
    bool predicted; /* and prediction intervals */
} mtp_regress_means_table;

/** A figure of each row, which stands so far in a prediction; NULL without memory. */
const double *mtp_regress_mean_figures(mtp_explain_regression *m,
                                       const mtp_regress_means_table *t, size_t offset);
/** regress_back.c: the n that the inverse takes, above the table of means; columns of
 *  the first one, three or five values on the natural scale. */
void mtp_regress_back_begin(mtp_explain_regression *m,
                            const mtp_regress_prediction *of);
void mtp_regress_back(mtp_explain_regression *m, mtp_regress_means_table *t,
                      size_t parts);
/** c'Vc without the factor of V; elements of c that are NULL are 0, "" are 1. */
const char *mtp_regress_quadratic(mtp_explain_regression *m,
                                  const mtp_explain_inference *how,
                                  const char *const c[]);
/** regress_studies.c: residuals, leverages and predicted effects of the studies, where
 *  they were asked for (`how` NULL: they are only named); the correlation. Last, since
 *  names have other values then. */
void mtp_regress_studies(mtp_explain_regression *m, const mtp_explain_inference *how);
void mtp_regress_correlation(mtp_explain_regression *m);
/** regress_vif.c: variance inflation; permutation tests, which are only named. */
void mtp_regress_explain_vif(mtp_explain_regression *m);
void mtp_regress_permutations(mtp_explain_regression *m);

#endif
