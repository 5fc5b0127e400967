/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_CORRELATION_H
#define MTP_EFFECTS_CORRELATION_H

#include "effects/family.h"

/** What raw, partial and semi-partial correlations share; they stand in role R. */

/** -1 <= r <= 1, and not at an end where the variance would be 0. */
mtp_status mtp_check_correlation(const mtp_effects_options *options, const mtp_raw *raw,
                                 size_t i, mtp_error *err);

/** A sample of at least `least`. */
mtp_status mtp_check_residual_size(const mtp_effects_options *options,
                                   const mtp_raw *raw, size_t i, double least,
                                   mtp_error *err);

/** Whole predictors above 0, and n at least predictors + spare. */
mtp_status mtp_check_regression(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, double spare, mtp_error *err);
/** 0 <= R2 <= 1. */
mtp_status mtp_check_r2(const mtp_raw *raw, size_t i, mtp_error *err);

/** (1 - r^2)^2 / df */
double mtp_correlation_variance(double r, double df);

/**
 * mtp_family.prepare: for variances at the average, sum n value / sum n over all
 * studies that have raw data, as a double in w->shared.
 */
void mtp_share_average(mtp_effects_work *w,
                       double (*value)(const mtp_effects_work *, size_t));

/** mtp_family.back and .forward: Fisher's z for ZCOR, ZPCOR and ZSPCOR. */
double mtp_correlation_of_z(mtp_measure measure, double y, double ft_n, bool *clipped);
double mtp_z_of_correlation(mtp_measure measure, double natural, double ft_n);

/**
 * The uniformly minimum variance unbiased estimate of a correlation,
 *   G = r F(1/2, 1/2; (n - 2) / 2; 1 - r^2),
 * and the unbiased estimate of its variance,
 *   G^2 - (1 - (n - 3) / (n - 2) (1 - r^2) F(1, 1; n / 2; 1 - r^2)),
 * F Gauss's hypergeometric function. Both keep at least 14 digits, the variance also
 * near r = 1, where it is a small difference.
 * Sources: Olkin & Pratt (1958), Ann Math Stat 29:201-211, eq. 2.3,
 * doi:10.1214/aoms/1177706717; Hedges (1989), J Appl Psychol 74:469-477,
 * doi:10.1037/0021-9010.74.3.469.
 * @param r  -1 <= r <= 1
 * @param n  >= 4; the variance is infinite at r = 0, n = 4
 */
double mtp_unbiased_correlation(double r, double n);
double mtp_unbiased_correlation_variance(double r, double n);

/** That F(a, b; c; u), c > b > 0, 0 <= u <= 1. */
double mtp_hypergeometric(double a, double b, double c, double u);

#endif
