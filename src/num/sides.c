/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/sides.h"

#include "num/logdd.h"

#include <float.h>
#include <math.h>

const mtp_tail mtp_tail_none = {0.0, -(double)INFINITY};
const mtp_tail mtp_tail_all = {1.0, 0.0};
const mtp_tail mtp_tail_undefined = {(double)NAN, (double)NAN};

mtp_tail mtp_tail_product(mtp_dd log_scale, double factor)
{
    /* In two halves: only the last product may be subnormal. */
    double root = exp(0.5 * log_scale.hi);
    double p = fmin(root * (factor * (1.0 + log_scale.lo)) * root, 1.0);

    if (p > 1e-300) {
        return (mtp_tail){p, log(p)};
    }
    if (!(log_scale.hi >= -DBL_MAX)) {
        return mtp_tail_none;
    }
    return (mtp_tail){log_scale.hi < -1500.0 ? 0.0 : p,
                      log_scale.hi + (log_scale.lo + log(factor))};
}

mtp_tail mtp_tail_complement(mtp_tail tail)
{
    return (mtp_tail){1.0 - tail.p, log1p(-tail.p)};
}

double mtp_shape_of(double df)
{
    return fmax(0.5 * df, DBL_MIN);
}

mtp_tail mtp_uniform_tail(mtp_dd deviance, mtp_dd w, mtp_dd lead, double limit)
{
    mtp_dd z = mtp_dd_sqrt(mtp_dd_ldexp(deviance, 1));
    double correction = limit;

    if (z.hi > 1e-3) {
        correction = mtp_dd_to(mtp_dd_sub(mtp_dd_div(w, lead), mtp_dd_inv(z)));
    }
    return mtp_tail_product(mtp_dd_neg(mtp_dd_add(deviance, mtp_dd_half_log_2pi())),
                            mtp_mills_ratio(z.hi) + correction);
}

/* The number of terms after which the fraction stands still, by the modified Lentz
 * method: Thompson & Barnett (1986), J Comput Phys 64:490-509,
 * doi:10.1016/0021-9991(86)90046-X. */
static double count_terms(const mtp_fraction *fraction)
{
    const double tiny = 1e-290, limit = 1e7;
    double a, b, c, d, n;

    fraction->term(fraction, 0.0, &a, &b);
    c = b == 0.0 ? tiny : b;
    d = 0.0;
    for (n = 1.0; n < limit; n++) {
        fraction->term(fraction, n, &a, &b);
        d = b + a * d;
        d = 1.0 / (d == 0.0 ? tiny : d);
        c = b + a / c;
        c = c == 0.0 ? tiny : c;
        if (!(fabs(c * d - 1.0) > 0.5 * DBL_EPSILON)) {
            break;
        }
    }
    return n;
}

double mtp_fraction_value(const mtp_fraction *fraction)
{
    double n = ceil(1.25 * count_terms(fraction)) + 4.0;
    double a, b, value, a_next;

    fraction->term(fraction, n, &a_next, &value);
    while (n > 0.0) {
        n--;
        fraction->term(fraction, n, &a, &b);
        value = b + a_next / value;
        a_next = a;
    }
    return value;
}

/* log(tail / p): from the probabilities where they have all their bits. */
static double log_gap(mtp_tail tail, double p)
{
    double ratio = (tail.p - p) / p;

    return p >= DBL_MIN && fabs(ratio) < 0.5 ? log1p(ratio) : tail.log_p - log(p);
}

/* A point between the bounds. */
static double middle(double x, double low, double high)
{
    if (low > 0.0 && high < (double)INFINITY) {
        return sqrt(low) * sqrt(high);
    }
    return low > 0.0 ? fmin(x * 1e4, DBL_MAX) : fmax(x * 1e-4, DBL_MIN);
}

/*
 * Halley's step towards log tail = log p in u = log x. With g = d lower / du, whose
 * logarithm bends by b, h = log(tail / p) has h' = -+ g / tail and h'' / h' = b +- g /
 * tail (upper signs: upper tail); both sides are concave and near-linear far out.
 */
static double halley_step(const mtp_sides *sides, bool upper, double gap)
{
    mtp_tail tail = upper ? sides->upper : sides->lower;
    double steepness = exp(sides->log_slope - tail.log_p);
    double newton = (upper ? gap : -gap) / steepness;
    double bend = sides->bend + (upper ? steepness : -steepness);

    return newton / fmin(fmax(1.0 + 0.5 * newton * bend, 0.5), 2.0);
}

/*
 * Inside a bracket, by bisection where Halley's steps leave it or go on too long. When
 * |gap| < 1e-6 the cube left after the next step is below rounding error; a bracket
 * that no double divides has the answer too.
 */
double mtp_law_solve(const mtp_law *law, bool upper, double p, double start)
{
    double x = fmin(fmax(start, DBL_MIN), DBL_MAX);
    double low = 0.0, high = (double)INFINITY;

    for (int i = 0; x > low && x < high; i++) {
        mtp_sides sides = law->sides(x, law->df);
        double gap = log_gap(upper ? sides.upper : sides.lower, p);
        double step = halley_step(&sides, upper, gap);
        double next = x * exp(step);

        if (fabs(gap) < 1e-6 && fabs(step) < 1e-6) {
            return next;
        }
        if ((gap > 0.0) == upper) {
            low = x;
        } else {
            high = x;
        }
        if (low == DBL_MAX || high <= DBL_MIN) {
            return low == DBL_MAX ? (double)INFINITY : 0.0;
        }
        x = i < 50 && next > low && next < high ? next : middle(x, low, high);
    }
    return x;
}
