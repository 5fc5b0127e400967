/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_ROBUST_H
#define MTP_EXPLAIN_ROBUST_H

#include "explain/nested.h"

/**
 * Cluster-robust variances, worked (metapool/robust.h has the formulas): for working
 * models whose effects are independent, each with its variance. Studies stand cluster
 * by cluster, and tables have the sums of each cluster; formulas know
 *   y_i, v_i, r_i (residuals), the weights `w`, and cr2's T_i or T_1_i, T_2_i, ...: the
 *   columns of A_g W_g X_g, with which the residuals of a cluster are added up.
 *
 * Or for effects in nested levels, each of whose outermost groups lies within one
 * cluster: what a group has of X'WX and X'Wy is known from their sums, and with it the
 * group's scores.
 */
typedef struct mtp_explain_robust {
    mtp_explain_work *work;
    mtp_solution *s;
    mtp_robust_type type;
    size_t k, p, m;
    bool mean;                /* p = 1, a column of ones: names have no column */
    const size_t *start;      /* [m + 1] studies of each cluster */
    const size_t *row;        /* [k] where the set has them */
    const char *const *label; /* [k] */
    const char *const *name;  /* [m] of the clusters */
    const bool *chosen;       /* [m] to be worked in full */
    const double *y, *v, *phi, *residual; /* [k]; phi: the working variances */
    const double *weight;                 /* [k] weights of their own; or NULL */
    const double *const *x;               /* [p][k] */
    const double *const *T;               /* [p][k] cr2 */
    const double *const *T_error; /* [p][k] its rounding; NULL: to the last digit */
    const bool *singular;         /* [m] cr2: the cluster's covariance has no inverse */
    bool with_tau2;               /* phi = v + tau2, written vs; else v */
    const mtp_nested_model *nested; /* effects covary by it; NULL: they do not */
    struct {                        /* of `nested`, the outermost, by cluster */
        size_t n;
        const size_t *index, *start; /* [n] in it; [m + 1] those of each cluster */
        const char *const *label;    /* [n] */
    } groups;
    struct { /* of the scope, to be restored */
        size_t n, k;
        const char *const *label;
    } kept;
} mtp_explain_robust;

/** The working model of a fit, its studies in the order of the set. */
typedef struct mtp_explain_working {
    const mtp_explain_set *set; /* with weights of their own, or NULL */
    size_t p;
    const double *const *x; /* [p][k]; NULL: a mean */
    const double *residual; /* [k] */
    double tau2;
    const double *spread; /* [k] each study's, in the place of tau2; or NULL */
    bool with_tau2;
} mtp_explain_working;

/** Studies into the order of clusters, cr2's T from the analysis's own computation.
 *  What the scope gets from here on is gone with _end. */
bool mtp_robust_work_begin(mtp_explain_work *work, const mtp_explain_working *of,
                           mtp_explain_robust *r);
void mtp_robust_work_end(mtp_explain_robust *r);
/** After _end, once more until _end. */
void mtp_robust_work_resume(mtp_explain_robust *r);

/** Tables that follow have a row for each study, or each cluster. */
void mtp_robust_rows_are_studies(mtp_explain_robust *r);
void mtp_robust_rows_are_clusters(mtp_explain_robust *r);
/** robust_nested.c: or each outermost group; sum_g is over those of a cluster then. */
void mtp_robust_rows_are_groups(mtp_explain_robust *r);

/** robust_nested.c: find the groups of the clusters; false without memory. */
bool mtp_robust_find_groups(mtp_explain_robust *r);
/** The working covariance of two studies, in the order of clusters. */
double mtp_robust_covariance(const mtp_explain_robust *r, size_t a, size_t b);
/** Columns of what a group has of X'WX and X'Wy, "w_i", "w_y_i", "A_2_2_i", ... ;
 * returns how many. */
size_t mtp_robust_shares(const mtp_explain_robust *r, mtp_solution_column column[]);
/** A table of the scores t_1_i, t_2_i, ... of the groups of a regression. */
void mtp_robust_group_table(mtp_explain_robust *r);
/** Tables of the sums of a column, as "s_1_i", which the scope has, over the groups of
 *  each level; then columns of these, and of the covariance of the effects times the
 *  column, "n_1_i"; returns how many columns there are. */
void mtp_robust_level_sums(mtp_explain_robust *r, const char *name);
size_t mtp_robust_add_spread(mtp_explain_robust *r, const char *name,
                             mtp_solution_column column[], size_t n);

/** "v_i" or "vs_i"; "v" or "vs". */
const char *mtp_robust_variance_column(const mtp_explain_robust *r);
const char *mtp_robust_variance_name(const mtp_explain_robust *r);

/** robust_matrices.c: the covariances of a cluster's studies, V, and of their
 *  residuals, C, and A, for which A C A = V. */
enum {
    MTP_ROBUST_WORKED_MAX = 5
}; /* studies of a cluster whose matrices are written */
typedef struct mtp_robust_matrices {
    size_t n;
    double V[MTP_ROBUST_WORKED_MAX * MTP_ROBUST_WORKED_MAX];
    double C[MTP_ROBUST_WORKED_MAX * MTP_ROBUST_WORKED_MAX];
    double A[MTP_ROBUST_WORKED_MAX * MTP_ROBUST_WORKED_MAX];
    double E[MTP_ROBUST_WORKED_MAX * MTP_ROBUST_WORKED_MAX]; /* A C */
    double rounding; /* what C may be off by, beside V */
} mtp_robust_matrices;
/** V of a cluster; A from V and C; and an element of A with what it may be off by: the
 *  rounding of C, of which it takes the inverse root. */
void mtp_robust_take_variances(const mtp_explain_robust *r, size_t g,
                               mtp_robust_matrices *of);
void mtp_robust_find_root(mtp_robust_matrices *of);
/** x <- E^-1 x; returns what the rounding of A and C makes of its elements. */
double mtp_robust_solve(const mtp_robust_matrices *of, double x[]);
mtp_figure mtp_robust_root_of(const mtp_robust_matrices *of, size_t i, size_t j);

/** robust_adjust.c: how cr2 gets T, worked for the chosen clusters. `S` (a mean) or the
 *  matrix V_i_j (regressions) is in the scope. */
void mtp_robust_adjustment(mtp_explain_robust *r);

/** robust_simple.c: clusters whose adjustment is a number; a table of their T. */
bool mtp_robust_is_simple(const mtp_explain_robust *r, size_t g);
void mtp_robust_simple(mtp_explain_robust *r);

/** robust_mean.c: lines for s and df_t, with `suffix`, of the set's estimate. */
void mtp_explain_robust_mean(mtp_explain_work *work, const mtp_explain_set *set,
                             const mtp_interval *ci, const char *suffix);

/** robust_between.c: the test that the means of the subgroups are equal, common or
 *  random effects. */
void mtp_explain_robust_between(mtp_explain_work *work, const char *title, bool random,
                                const mtp_test *test);

#endif
