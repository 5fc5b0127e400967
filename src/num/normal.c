/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

double mtp_tail_of_level(double level)
{
    double t = rint(1e15 * (1.0 - level)) / 1e15;

    return 0.5 * (t > 0.0 ? t : 1.0 - level);
}

/* Laplace's fraction: 1 / (z + 1 / (z + 2 / (z + 3 / ...))). Abramowitz & Stegun
 * (1964), 26.2.14. The error after n terms is about exp(-2 z sqrt n); n is chosen
 * for 1e-18. */
static double mills_fraction(double z)
{
    double terms = ceil(440.0 / (z * z)) + 20.0;
    double value = z;

    for (double n = terms; n >= 1.0; n--) {
        value = z + n / value;
    }
    return 1.0 / value;
}

/* (Phi(z) - 1/2) / phi(z) = z + z^3 / 3 + z^5 / 15 + ...; Abramowitz & Stegun (1964),
 * 26.2.11. */
static double central_series(double z)
{
    double z2 = z * z, term = z, sum = z;

    for (double n = 3.0; term > 0.25 * DBL_EPSILON * sum; n += 2.0) {
        term *= z2 / n;
        sum += term;
    }
    return sum;
}

double mtp_mills_ratio(double z)
{
    const double sqrt_half_pi = 1.2533141373155002512;

    if (z >= 1.0) {
        return mills_fraction(z);
    }
    return sqrt_half_pi * exp(0.5 * z * z) - central_series(z);
}

/* log(2 phi(z)). */
static mtp_dd log_double_density(double z)
{
    mtp_dd half_square = mtp_dd_ldexp(mtp_dd_two_prod(z, z), -1);
    mtp_dd log_factor = mtp_dd_sub(mtp_dd_log_2(), mtp_dd_half_log_2pi());

    return mtp_dd_sub(log_factor, half_square);
}

mtp_sides mtp_normal_sides(double z)
{
    mtp_sides sides = {mtp_tail_none, mtp_tail_all, -(double)INFINITY, 1.0 - z * z};
    mtp_dd log_scale;

    if (z > 1e154) { /* z * z / 2 is beyond the range or close to it */
        return (mtp_sides){
            mtp_tail_all, {0.0, -0.5 * z * z}, -0.5 * z * z, 1.0 - z * z};
    }
    if (z > 0.0) {
        log_scale = log_double_density(z);
        sides.log_slope = mtp_dd_to(log_scale) + log(z);
        if (z >= 1.0) {
            sides.upper = mtp_tail_product(log_scale, mills_fraction(z));
            sides.lower = mtp_tail_complement(sides.upper);
        } else {
            sides.lower = mtp_tail_product(log_scale, central_series(z));
            sides.upper = mtp_tail_complement(sides.lower);
        }
    }
    return sides;
}

mtp_tail mtp_normal_two_sided(double z)
{
    return isnan(z) ? mtp_tail_undefined : mtp_normal_sides(fabs(z)).upper;
}

mtp_tail mtp_normal_upper(double z)
{
    mtp_tail outside = mtp_normal_two_sided(z), half;

    half.p = 0.5 * outside.p;
    half.log_p = fabs(z) >= 1.0 ? outside.log_p - mtp_dd_log_2().hi : log(half.p);
    return z < 0.0 ? mtp_tail_complement(half) : half;
}

static mtp_sides sides_of(double z, double df)
{
    (void)df;
    return mtp_normal_sides(z);
}

/* GSL's quantile (Wichura 1988, Appl Stat 37:477-484, doi:10.2307/2347330) is good to
 * the last digits but some, and cannot raise inside (0, 1); a Halley step or two mends
 * them. */
double mtp_normal_upper_quantile(double p)
{
    const mtp_law law = {sides_of, (double)INFINITY};
    double start;

    if (!(p > 0.0 && p < 1.0)) {
        return (double)NAN;
    }
    if (p > 0.5) {
        return -mtp_normal_upper_quantile(1.0 - p);
    }
    if (p == 0.5) {
        return 0.0;
    }
    start = gsl_cdf_ugaussian_Qinv(p);
    return p < 0.25 ? mtp_law_solve(&law, true, 2.0 * p, start)
                    : mtp_law_solve(&law, false, 1.0 - 2.0 * p, start);
}
