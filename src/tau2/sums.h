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

/** log of a product. */
mtp_dd mtp_product_log(mtp_product product);

/**
 * tr((P S)^2), S = diag(v + *spread), or the identity where spread is NULL, with the
 * weights of P 1 / (v + *t), or equal where t is NULL:
 *   sum_i (w_i (1 - x_i) s_i)^2 + 2 e2(w^2 s) / (sum w)^2,   x = w / sum w.
 * The variance of y'Py is 2 tr((P S)^2) when y has variances S.
 */
mtp_dd mtp_trace_of_square(const mtp_studies *studies, const mtp_dd *t,
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
