/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of what a single study observed. */
#include "effects/interval.h"

#include "metapool/effects.h"

#include "num/dist.h"

#include <math.h>

/*
 * The upper limit is a sum of positive terms; the lower one follows from the product of
 * the two roots, x^2 / (n (n + z^2)), so that neither loses digits.
 */
void mtp_wilson_limits(double x, double n, double z, double *lower, double *upper)
{
    double top = x + 0.5 * z * z + z * sqrt(x * ((n - x) / n) + 0.25 * z * z);

    *lower = x * (x / n) / top;
    *upper = x == n ? 1.0 : top / (n + z * z);
}

void mtp_wilson_interval(double x, double n, double level, double *lower, double *upper)
{
    mtp_wilson_limits(x, n, mtp_normal_upper_quantile(mtp_tail_of_level(level)), lower,
                      upper);
}

void mtp_poisson_interval(double x, double time, double level, double *lower,
                          double *upper)
{
    double tail = mtp_tail_of_level(level);

    *lower = x > 0.0 ? 0.5 * mtp_chisq_lower_quantile(tail, 2.0 * x) / time : 0.0;
    *upper = 0.5 * mtp_chisq_upper_quantile(tail, 2.0 * x + 2.0) / time;
}
