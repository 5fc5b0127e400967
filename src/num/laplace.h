/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_LAPLACE_H
#define MTP_NUM_LAPLACE_H

#include "num/dist.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Tails of positive variables X whose transform E exp(sX) is known, by
 *   P(X > 1) =  1/(2 pi i) integral exp(K(s) - s) / s ds,  K = log E exp(sX),
 * over a contour that crosses the real axis between 0 and the first singularity, and
 * P(X < 1) = - the same over one that crosses it below 0. The contour is a hyperbola
 * through the saddle point of the integrand that bends around the singularities, all on
 * the positive real axis; the trapezoidal rule is halved until it no longer changes, so
 * that tails come to a relative error of about 1e-14, and 1e-12 for sums of 10,000
 * terms. Sources: Daniels (1987), Int Stat Rev 55:37-48, doi:10.2307/1403269 (the
 * saddle point); Trefethen, Weideman & Schmelzer (2006), BIT 46:653-670,
 * doi:10.1007/s10543-006-0077-9 (the contour).
 */
typedef struct mtp_complex {
    double re, im;
} mtp_complex;

typedef struct mtp_transform {
    const void *of;
    /** K'(s) and K''(s) at real s; false where E exp(sX) is infinite. */
    bool (*slopes)(const void *of, double s, double slope[2]);
    /** E exp(sX) = value * exp(*log_size), for s with a positive imaginary part. */
    mtp_complex (*value)(const void *of, mtp_complex s, double *log_size);
} mtp_transform;

/** P(X > 1), or P(X < 1), with its logarithm. */
mtp_tail mtp_laplace_tail(const mtp_transform *x, bool upper);

/**
 * 1 / sqrt(product of many factors f), each with its argument between -pi and 0: the
 * branch that a product of 1 / sqrt(f) has.
 */
typedef struct mtp_root_product {
    mtp_complex product;
    int exponent; /* product * 2^exponent */
    bool crossed; /* the negative axis, an odd number of times */
} mtp_root_product;

static const mtp_root_product mtp_root_product_start = {{1.0, 0.0}, 0, false};

void mtp_root_product_times(mtp_root_product *to, mtp_complex factor);
/** As result * exp(*log_size). */
mtp_complex mtp_root_product_end(const mtp_root_product *of, double *log_size);

mtp_complex mtp_complex_times(mtp_complex a, mtp_complex b);
/** a / b */
mtp_complex mtp_complex_div(mtp_complex a, mtp_complex b);

/**
 * P(sum lambda_i X_i > x), and < x, of n independent chi-squares with one degree of
 * freedom; n >= 1, lambda > 0, x > 0.
 */
mtp_tail mtp_chisq_sum_upper(double x, size_t n, const double lambda[]);
mtp_tail mtp_chisq_sum_lower(double x, size_t n, const double lambda[]);

#endif
