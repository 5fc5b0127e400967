/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TAU2_COLUMNS_H
#define MTP_TAU2_COLUMNS_H

#include "core/arena.h"
#include "num/laplace.h"
#include "tau2/studies.h"
#include "tau2/sums.h"

enum { MTP_LANES = 4 }; /* values of tau2 that a scan takes side by side */

/**
 * Studies whose mean is a combination of p columns: x_i'beta in place of one mean a
 * block. The columns are made orthonormal once, in double-double, and the effects
 * replaced by their residuals from them, which changes no quadratic form: X = Z R,
 * y = X beta_0 + d. At any weights a modified Gram-Schmidt factorization of Z, in the
 * inner product of the weights and in double-double again, gives the sums that every
 * kernel of tau2/ works with. No normal equations are formed, so that the digits do not
 * depend on how far the columns are from orthogonal, nor on their units.
 *
 * Source: Bjoerck (1967), BIT 7:1-21, doi:10.1007/BF01934122 (modified Gram-Schmidt for
 * least squares is as stable as Householder's method).
 */
struct mtp_columns {
    size_t k, p;
    mtp_dd *z;     /* [p * k] orthonormal, column by column, as the points */
    mtp_dd *r;     /* [p * p] upper triangle, X = Z R, row by row */
    mtp_dd *start; /* [p] coefficients of Z in the effects, studies' unit */
    mtp_dd total;  /* sum (y - plain mean)^2, studies' unit squared */
    int *exponent; /* [p] of the columns of X */
    double *z_hi;  /* [p * k] z rounded */
    double *lanes; /* [(p + 3) * k * MTP_LANES] work of the scans in doubles */
    /* The factorization at the last weights: Z = Q T, T unit upper triangular. */
    mtp_dd *q;        /* [p * k] orthogonal at the weights, column by column */
    mtp_dd *t;        /* [p * p] row by row */
    mtp_dd *inverse;  /* [p * p] (T R)^-1, column by column */
    mtp_dd *norm;     /* [p] squared, of the columns of Q */
    mtp_dd *c;        /* [p] coefficients of Q in d */
    mtp_dd *residual; /* [k] as the points */
    mtp_dd *w;        /* [k] weights */
    mtp_dd *leverage; /* [k] h_i */
    mtp_dd *work;     /* [k] */
};

/** Column j of z or q. */
static inline mtp_dd *mtp_column(mtp_dd *of, const mtp_columns *c, size_t j)
{
    return of + j * c->k;
}

/**
 * Give prepared studies of one block p columns. The points' d become residuals.
 *
 * @param studies  prepared; point and block are the arrays that it was prepared with
 * @param x        [k * p] in the order of yi, row by row
 * @param arena    owns what is made
 * @param deficient  out: the first column that is a combination of those before it, p
 *                   if there is none
 * @return MTP_OK; MTP_E_DATA for fewer studies than columns, a moderator that is not
 *         finite, or a deficient column; MTP_E_NOMEM
 */
mtp_status mtp_columns_attach(mtp_studies *studies, mtp_study_point point[], size_t p,
                              const double yi[], const double x[], mtp_arena *arena,
                              size_t *deficient, mtp_error *err);

/** The same in place, with other columns of the same p in what was attached before. */
mtp_status mtp_columns_replace(mtp_studies *studies, mtp_study_point point[],
                               const double yi[], const double x[], size_t *deficient,
                               mtp_error *err);

/** Factor at these weights: fills the lower half of the struct. */
void mtp_columns_factor(const mtp_studies *studies, const mtp_weighting *by);

/** mtp_sums_at, mtp_form_at and mtp_trace_of_square of studies with columns. */
void mtp_columns_sums(const mtp_studies *studies, mtp_dd t, mtp_sums *sums);
mtp_form mtp_columns_form(const mtp_studies *studies, const mtp_weighting *by);
mtp_dd mtp_columns_trace(const mtp_studies *studies, const mtp_weighting *by,
                         const mtp_dd *spread);

/** y'PPy less tr P (restricted) or sum w at MTP_LANES values of t, in doubles. */
void mtp_columns_score_lanes(const mtp_studies *studies, bool restricted,
                             const double t[], double out[]);

/** Q and y'PPy at MTP_LANES values of t, in doubles. */
void mtp_columns_q_lanes(const mtp_studies *studies, const double t[], double Q[],
                         double wr2[]);

/**
 * Coefficients and their covariance at the last weights, of the columns of X:
 *   beta = R^-1 (start + T^-1 c),  cov = (T R)^-1 norm^-1 (T R)^-T
 * in units of y (beta) and of v (cov).
 * @param beta  [p]   @param cov  [p * p]
 */
void mtp_columns_solution(const mtp_studies *studies, mtp_dd beta[], mtp_dd cov[]);

/**
 * The same with the studies' own weights A, after a factorization at them:
 *   beta = (X'AX)^-1 X'A y,  cov = (X'AX)^-1 X'A diag(v + t) A X (X'AX)^-1
 */
void mtp_columns_solution_given(const mtp_studies *studies, mtp_dd t, mtp_dd beta[],
                                mtp_dd cov[]);

/**
 * The transform of a generalized Q with weights a and d = a (v + t) / observed, in
 * doubles: E exp(s Q) = 1 / sqrt(prod f |Z'A F^-1 Z| / |Z'A Z|), f = 1 - 2 s d.
 */
typedef struct mtp_columns_weights {
    double *a, *d; /* [k] each */
    double *work;  /* [3 * p * p] */
} mtp_columns_weights;

/** Room for them in the work space of the columns. */
mtp_columns_weights mtp_columns_weights_room(const mtp_columns *columns);

/** K'(s) and K''(s), and the transform itself: as mtp_transform wants them. */
bool mtp_columns_slopes(const mtp_columns *columns, const mtp_columns_weights *weights,
                        double s, double slope[2]);
mtp_complex mtp_columns_value(const mtp_columns *columns,
                              const mtp_columns_weights *weights, mtp_complex s,
                              double *log_size);

#endif
