/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TAU2_SUMS_H
#define MTP_TAU2_SUMS_H

#include "core/dd.h"
#include "tau2/studies.h"

/**
 * Weighted sums over studies in double-double, O(k), nothing allocated. All figures are
 * in the studies' unit. With W = diag(w), w = 1 / (v + t) or 1, and one mean per block,
 *   P = W - W X (X'WX)^-1 X'W = W - w w' / sum w within a block, 0 between blocks;
 * neither W nor P is ever formed.
 */

/** A product of many positive factors: value * 2^exponent. */
typedef struct mtp_product {
    mtp_dd value;
    long exponent;
} mtp_product;

typedef struct mtp_sums {
    mtp_dd w;    /* sum w */
    mtp_dd w2;   /* sum w^2 */
    mtp_dd Q;    /* sum w r^2 = y'Py, r = y - mean of the block */
    mtp_dd wr2;  /* sum (w r)^2 = y'PPy */
    mtp_dd trP;  /* sum over blocks of 2 e2(w) / sum w: positive terms only */
    mtp_dd mean; /* of the last block, from its centre */
    mtp_product block_weights; /* product over blocks of sum w = |X'WX| */
} mtp_sums;

/** Sums with w = 1 / (v + t), t >= 0. */
void mtp_sums_at(const mtp_studies *studies, mtp_dd t, mtp_sums *sums);

/** log of the product of all v + t. */
mtp_dd mtp_log_variances(const mtp_studies *studies, mtp_dd t);

/** Enter a positive factor; the product keeps its exponent apart. */
void mtp_product_times(mtp_product *product, mtp_dd factor);

/** log of a product. */
mtp_dd mtp_product_log(mtp_product product);

/** Weights of a quadratic form y'Py, P as above with a weight a for each study. */
typedef enum mtp_weighting_kind {
    MTP_WEIGHT_INVERSE, /* 1 / (v + t) */
    MTP_WEIGHT_ROOT,    /* 1 / sqrt(v) */
    MTP_WEIGHT_EQUAL,
    MTP_WEIGHT_GIVEN, /* the studies' own; 1 / v where they have none */
} mtp_weighting_kind;

typedef struct mtp_weighting {
    mtp_weighting_kind kind;
    mtp_dd t; /* MTP_WEIGHT_INVERSE */
} mtp_weighting;

/** The weight of a point of a block. */
mtp_dd mtp_weight_by(const mtp_studies *studies, const mtp_weighting *by, size_t point);

/** What a moment estimator needs of a quadratic form. */
typedef struct mtp_form {
    mtp_dd Q;     /* y'Py */
    mtp_dd noise; /* tr(P V) = sum a v (1 - x), x = a / sum a */
    mtp_dd trP;   /* 2 e2(a) / sum a */
} mtp_form;

/** Two passes, for the centre of a block need not carry weight here. */
mtp_form mtp_form_at(const mtp_studies *studies, const mtp_weighting *by);

/**
 * tr((P S)^2), S = diag(v + *spread), or the identity where spread is NULL:
 *   sum_i (a_i (1 - x_i) s_i)^2 + 2 e2(a^2 s) / (sum a)^2,   x = a / sum a.
 * The variance of y'Py is 2 tr((P S)^2) when y has variances S.
 */
mtp_dd mtp_trace_of_square(const mtp_studies *studies, const mtp_weighting *by,
                           const mtp_dd *spread);

/** a - b, and 0 where the difference is within the rounding of a and b: the boundary
 *  Q = k - 1 is met exactly, not to within a last bit. */
mtp_dd mtp_difference(mtp_dd a, mtp_dd b);

/** 1 / (v + t) to about 104 bits: one division and one Newton step. */
static inline mtp_dd mtp_weight(double v, mtp_dd t)
{
    mtp_dd s = mtp_dd_two_sum(v, t.hi);
    double q, e;

    s = mtp_dd_fast_two_sum(s.hi, s.lo + t.lo);
    q = 1.0 / s.hi;
    e = fma(-q, s.hi, 1.0) - q * s.lo;
    return mtp_dd_fast_two_sum(q, q * e);
}

#endif
