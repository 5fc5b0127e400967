/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/p_curve_tails.h"

#include "num/dist.h"
#include "num/sides.h"

#include <math.h>

static const double HALF_LOG_2PI = 0.918938533204672741780329736406;

static double log_upper(double z)
{
    return mtp_normal_upper(z).log_p;
}

/* log(exp(a) + exp(b)) */
static double log_sum(double a, double b)
{
    double top = fmax(a, b), low = fmin(a, b);

    return isinf(top) ? top : top + log1p(exp(low - top));
}

/* log P(a < Z < b), a < b. A short piece is as long as its density in the middle is
 * high: the difference of its sides would be all rounding. */
static double log_between(double a, double b)
{
    static const double SHORT = 1e-6;
    double middle = 0.5 * (a + b);

    if (b - a < SHORT) {
        return log(b - a) - 0.5 * middle * middle - HALF_LOG_2PI;
    }
    if (middle < 0.0) {
        double swap = a;

        a = -b;
        b = -swap;
    }
    if (a < 0.0) {
        return log1p(-(mtp_normal_upper(-a).p + mtp_normal_upper(b).p));
    }
    return log_upper(a) + log(-expm1(log_upper(b) - log_upper(a)));
}

double mtp_log_beyond(double x, double d)
{
    return log_sum(log_upper(x - d), log_upper(x + d));
}

mtp_beyond_sides mtp_beyond(double x, double c, double d)
{
    double all = mtp_log_beyond(c, d);
    double below = log_sum(log_between(c - d, x - d), log_between(c + d, x + d));

    return (mtp_beyond_sides){below - all, mtp_log_beyond(x, d) - all};
}

/* z >= 0 with log P(Z >= z) = log_p: Newton's method where p itself is below the range
 * of a double; -log P is convex, so that it comes from above after one step. */
static double quantile(double log_p)
{
    static const double LOWEST = -700.0;
    double z = sqrt(-2.0 * log_p);

    if (log_p > LOWEST) {
        return mtp_normal_upper_quantile(exp(log_p));
    }
    for (int i = 0; i < 4; i++) {
        z += (log_upper(z) - log_p) * mtp_mills_ratio(z);
    }
    return z;
}

double mtp_beyond_probit(mtp_beyond_sides sides)
{
    return sides.below < sides.above ? -quantile(sides.below) : quantile(sides.above);
}
