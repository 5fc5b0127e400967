/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_KERNEL_H
#define MTP_EFFECTS_KERNEL_H

#include "metapool/effects.h"

/**
 * Effect and sampling variance of one study from its cells; no allocation, no checks.
 * Where an effect does not exist the result is infinite, NaN, or has a variance of 0.
 *
 * The formulas keep at least 15 digits where the textbook's lose them: logarithms of a
 * ratio near 1 by log1p of its difference from 1, differences of reciprocals as one
 * quotient, arcsines by atan2.
 */

/**
 * One group, a proportion: x events and m patients without one, n = x + m, any `add`
 * already in both.
 * @param vi  the large-sample variance
 */
void mtp_effect_proportion(mtp_measure measure, double x, double m, double *yi,
                           double *vi);

/** Variance of PR, PLN or PLO at the average proportion sum x / (sum x + sum m). */
double mtp_variance_average(mtp_measure measure, double sum_x, double sum_m, double n);

/** Unbiased variance of a raw proportion, p (1 - p) / (n - 1). */
double mtp_variance_unbiased(double x, double m);

/** One group, a rate: x events in person-time t, any `add` already in x. */
void mtp_effect_rate(mtp_measure measure, double x, double t, double *yi, double *vi);

/** log(a / b), a and b > 0, to the last bits also where a is near b. */
double mtp_log_ratio(double a, double b);

/** z with Phi(z) = x / (x + m), x and m > 0, to the last bits also near 0. */
double mtp_probit(double x, double m);

#endif
