/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MULTILEVEL_TREE_H
#define MTP_MODELS_MULTILEVEL_TREE_H

#include "metapool/multilevel.h"

#include "core/arena.h"
#include "core/dd.h"
#include "tau2/sums.h"

/**
 * Effects in nested groups, made ready for a likelihood in linear time.
 *
 * Every group g of a level with variance s is seen from above as one effect: with w the
 * weights of its children (1 / v of an effect) and m their means,
 *
 *   a = sum w,   mean = sum w m / a,   its own weight 1 / (s + 1 / a) = a / (1 + s a).
 *
 * Then log|V| = sum log v + sum over groups of log(1 + s a), and for any two columns
 *   b'V^-1 c = sum over effects and groups of w (b - b_parent) (c - c_parent),
 * the root having mean 0; with the mean of the outermost groups at the root instead it
 * is b'P1 c, P1 = V^-1 - V^-1 1 1'V^-1 / 1'V^-1 1. Squares are sums of positive terms:
 * nothing is lost to cancellation, and no matrix is ever formed.
 *
 * Effects are in the unit and about the centre of mtp_studies, and stand in order of
 * their groups' path, then of variance and value, so that the order in which they came
 * changes no digit.
 */
typedef struct mtp_nested_level {
    size_t n;
    size_t *begin;  /* [n + 1] children: groups of the level below; effects at the last
                     */
    double *a;      /* [n] */
    double *mean;   /* [n * q] */
    double *w;      /* [n] a / (1 + s a) */
    double *offset; /* [n * q] sum of the predicted effects of the group and of all
                       around it, and of the mean */
    double *sum;   /* [n * q] 1'P1 A over the group = w (mean - offset of the parent) */
    double *share; /* [n] 1'P1 1 over the group = w share */
    double *da, *dw, *dshare; /* [n] their derivatives by one variance */
    double *more;             /* [n * q_more] means of further columns */
} mtp_nested_level;

/** The columns of moderators as an orthogonal basis: X = c at the intercept, and
 *  1 xbar' + Z T at the others, Z'Z = k I, T upper triangular. */
typedef struct mtp_nested_basis {
    bool intercept;
    size_t at;      /* which column is the intercept */
    double height;  /* its value */
    size_t n;       /* other columns */
    size_t *column; /* [n] which they are */
    double *z;      /* [k * n] row by row */
    mtp_dd *xbar;   /* [n]; 0 without an intercept */
    mtp_dd *T;      /* [n * n] */
} mtp_nested_basis;

typedef struct mtp_nested {
    mtp_arena *arena;
    size_t k, n_levels;
    size_t q; /* columns: the basis and last the effects */
    const mtp_nested_basis *basis;
    const mtp_study_point *point; /* [k] by index of the effect */
    size_t *order;                /* [k] which effect stands where */
    double *v;                    /* [k] in that order, as the rest */
    double *precision;            /* [k] 1 / v */
    double *column;               /* [k * q] */
    double log_v;                 /* sum log v */
    mtp_nested_level level[MTP_LEVELS_MAX];
    mtp_dd
        *within;   /* [q (q + 1) / 2] sums of squares in the groups of the last level */
    mtp_dd *gram;  /* [q (q + 1) / 2] A'P1 A, by columns of its upper triangle */
    double *delta; /* [2 q_more], q_more >= q: room */
    size_t q_more;
    mtp_dd *gram_more; /* [q_more (q_more + 1) / 2] */
    double *factor;    /* [n * n] lower Cholesky factor of Z'P1 Z */
    double *gamma;     /* [n] coefficients in the basis */
    double *cross;     /* [n_levels * n * n] sum over groups of (1'P1 Z)'(1'P1 Z) */
    double *solved;    /* [2 n] room */
    double root_a;     /* sum of the weights of the outermost groups, 1'V^-1 1 */
    double *root_mean; /* [q] their mean; 0 without an intercept */
    size_t evaluations;
} mtp_nested;

/** Make the basis; MTP_E_DATA names a column that is a combination of others. */
mtp_status mtp_nested_basis_make(size_t k, size_t p, const double x[], mtp_arena *arena,
                                 mtp_nested_basis *basis, mtp_error *err);

/**
 * Groups by their paths; every effect a group of its own where levels is NULL.
 * @param y      [k] effects by index, in the studies' unit
 * @param point  [k] by index of the effect
 */
mtp_status mtp_nested_make(const mtp_study_point point[], const double y[], size_t k,
                           const mtp_nested_basis *basis, size_t n_levels,
                           const mtp_level levels[], mtp_arena *arena, mtp_nested *made,
                           mtp_error *err);

/** Other effects for the same groups; what no variance changes is made from them. */
void mtp_nested_set_effects(mtp_nested *nested, const double y[]);

/** The position of columns i <= j in gram and within. */
static inline size_t mtp_pair(size_t i, size_t j)
{
    return j * (j + 1) / 2 + i;
}

/** Add to a compensated sum (Neumaier (1974), Z Angew Math Mech 54:39-51,
 *  doi:10.1002/zamm.19740540106). */
static inline void mtp_gather(mtp_dd *sum, double x)
{
    mtp_dd s = mtp_dd_two_sum(sum->hi, x);

    sum->hi = s.hi;
    sum->lo += s.lo;
}

/** Children of one parent: their weights and the means of q columns. */
typedef struct mtp_siblings {
    size_t n, q;
    const double *w, *mean;
} mtp_siblings;

/**
 * Their weighted mean, and the sum of squares and products about it into gram.
 * @param delta  [q] room
 * @return sum of the weights
 */
double mtp_nested_gather(const mtp_siblings *siblings, double mean[], double delta[],
                         mtp_dd gram[]);

#endif
