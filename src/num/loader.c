/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/loader.h"

#include "num/dist.h"
#include "num/logdd.h"

#include <float.h>
#include <stdbool.h>

/* Stirling's series, n >= 16: the first term left out is below 3e-20. Coefficients
 * B_2k / (2k (2k - 1)): Abramowitz & Stegun (1964), 6.1.40. */
static mtp_dd stirling_series(mtp_dd n)
{
    static const double c[] = {-1.0 / 360.0, 1.0 / 1260.0,      -1.0 / 1680.0,
                               1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0};
    double inverse = 1.0 / n.hi, square = inverse * inverse, sum = 0.0;

    for (int k = 5; k >= 0; k--) {
        sum = sum * square + c[k];
    }
    return mtp_dd_add(mtp_dd_inv(mtp_dd_mul_d(n, 12.0)),
                      mtp_dd_from(sum * square * inverse));
}

/*
 * Below 16 the argument is moved up by whole steps, m = n + s:
 *   err(n) = err(m) + (m + 1/2) log m - s - (n + 1/2) log n - log((n + 1) ... (n + s)).
 */
mtp_dd mtp_stirling_dd(double n)
{
    mtp_dd m, product = mtp_dd_from(1.0), sum;
    int steps;

    if (!(n > 0.0)) {
        return mtp_dd_from(n == 0.0 ? (double)INFINITY : (double)NAN);
    }
    if (n > 1e17) {
        return mtp_dd_from(1.0 / 12.0 / n);
    }
    if (n >= 16.0) {
        return stirling_series(mtp_dd_from(n));
    }
    steps = 16 - (int)n;
    for (int j = 1; j <= steps; j++) {
        product = mtp_dd_mul(product, mtp_dd_two_sum(j, n));
    }
    m = mtp_dd_two_sum(steps, n);
    sum = mtp_dd_mul(mtp_dd_add(m, mtp_dd_from(0.5)), mtp_dd_log(m));
    sum =
        mtp_dd_sub(sum, mtp_dd_mul(mtp_dd_two_sum(0.5, n), mtp_dd_log(mtp_dd_from(n))));
    sum = mtp_dd_sub(sum, mtp_dd_log(product));
    return mtp_dd_add(sum, mtp_dd_add(stirling_series(m), mtp_dd_from(-steps)));
}

double mtp_stirling_error(double n)
{
    return mtp_dd_to(mtp_stirling_dd(n));
}

/*
 * With v = (x - m) / (x + m), x log(x / m) = 2 x (v + v^3 / 3 + v^5 / 5 + ...), hence
 * the part is (x - m) v + 2 x v^3 (1/3 + v^2 / 5 + ...): no cancellation for small v.
 */
static mtp_dd deviance_near(double x, mtp_dd difference, mtp_dd v)
{
    double v2 = v.hi * v.hi;
    double rest = 1.0 / 3.0 + v2 * (1.0 / 5.0 + v2 * (1.0 / 7.0 + v2 / 9.0));

    return mtp_dd_add(mtp_dd_mul(difference, v),
                      mtp_dd_from(2.0 * x * v.hi * v2 * rest));
}

mtp_dd mtp_deviance_dd(double x, mtp_dd m)
{
    mtp_dd difference, v;

    if (x > 1e290 || m.hi > 1e290) { /* scaled: the sum below must not overflow */
        return mtp_dd_ldexp(mtp_deviance_dd(ldexp(x, -64), mtp_dd_ldexp(m, -64)), 64);
    }
    difference = mtp_dd_sub(mtp_dd_from(x), m);
    v = mtp_dd_div(difference, mtp_dd_add(mtp_dd_from(x), m));
    if (fabs(v.hi) < 0x1p-10) {
        return deviance_near(x, difference, v);
    }
    return mtp_dd_sub(mtp_dd_mul_d(mtp_dd_log_ratio(mtp_dd_from(x), m), x), difference);
}

double mtp_deviance_part(double x, double m)
{
    if (!(x > 0.0 && m > 0.0 && isfinite(x) && isfinite(m))) {
        return (double)NAN;
    }
    return mtp_dd_to(mtp_deviance_dd(x, mtp_dd_from(m)));
}

/* log sqrt(n / (2 pi x (n - x))), the factor of both C(n, x) and the binomial. */
static mtp_dd half_log_factor(double n, double x, mtp_dd rest)
{
    bool half = x <= rest.hi;
    mtp_dd larger = half ? rest : mtp_dd_from(x);
    mtp_dd smaller = half ? mtp_dd_from(x) : rest;
    mtp_dd ratio = mtp_dd_log_ratio(mtp_dd_div(mtp_dd_from(n), larger), smaller);

    return mtp_dd_sub(mtp_dd_ldexp(ratio, -1), mtp_dd_half_log_2pi());
}

/* err(n) - err(x) - err(n - x). */
static mtp_dd stirling_difference(double n, double x, mtp_dd rest)
{
    mtp_dd parts = mtp_dd_add(mtp_stirling_dd(x), mtp_stirling_dd(rest.hi));

    return mtp_dd_sub(mtp_stirling_dd(n), parts);
}

/* Loader (2000), eq. 5; the mean n p is kept in double-double, because its rounding
 * error times (x - n p) would enter the result. */
static double log_binomial_inside(double x, double n, mtp_dd p, mtp_dd q)
{
    mtp_dd rest = mtp_dd_two_sum(n, -x);
    mtp_dd sum =
        mtp_dd_add(stirling_difference(n, x, rest), half_log_factor(n, x, rest));

    sum = mtp_dd_sub(sum, mtp_deviance_dd(x, mtp_dd_mul_d(p, n)));
    return mtp_dd_to(mtp_dd_sub(sum, mtp_deviance_dd(rest.hi, mtp_dd_mul_d(q, n))));
}

/* n log(q) from the smaller of p and q. */
static double power_of(double n, double p, double q)
{
    return p < q ? n * log1p(-p) : n * log(q);
}

double mtp_log_binomial(double x, double n, double p, double q)
{
    mtp_dd dd_p = mtp_dd_from(p), dd_q = mtp_dd_from(q);

    if (!(x >= 0.0 && x <= n && isfinite(n) && p >= 0.0 && q >= 0.0 &&
          fabs(p + q - 1.0) < 1e-10)) {
        return (double)NAN;
    }
    if (x == 0.0) {
        return n == 0.0 ? 0.0 : power_of(n, p, q);
    }
    if (x == n) {
        return power_of(n, q, p);
    }
    if (p == 0.0 || q == 0.0) {
        return -(double)INFINITY;
    }
    if (p < q) { /* the smaller of the two is exact */
        dd_q = mtp_dd_two_sum(1.0, -p);
    } else {
        dd_p = mtp_dd_two_sum(1.0, -q);
    }
    if (n * fmin(p, q) < DBL_MIN) { /* the mean would lose its bits; nothing cancels */
        return mtp_log_choose(n, x) + x * log(p) + (n - x) * log(q);
    }
    return log_binomial_inside(x, n, dd_p, dd_q);
}

/* Loader (2000), eq. 6. */
double mtp_log_poisson(double x, double m)
{
    mtp_dd sum;

    if (!(x >= 0.0 && m > 0.0 && isfinite(x) && isfinite(m))) {
        return (double)NAN;
    }
    if (x == 0.0) {
        return -m;
    }
    sum = mtp_deviance_dd(x, mtp_dd_from(m));
    if (isinf(sum.hi)) {
        return -(double)INFINITY;
    }
    sum = mtp_dd_add(sum, mtp_stirling_dd(x));
    sum = mtp_dd_add(sum, mtp_dd_half_log_2pi());
    sum = mtp_dd_add(sum, mtp_dd_ldexp(mtp_dd_log(mtp_dd_from(x)), -1));
    return -mtp_dd_to(sum);
}

/* x log(n / x) + (n - x) log(n / (n - x)) and the factors of Loader's binomial. */
double mtp_log_choose(double n, double x)
{
    mtp_dd rest, sum, m;

    if (!(x >= 0.0 && x <= n && isfinite(n))) {
        return (double)NAN;
    }
    if (x == 0.0 || x == n) {
        return 0.0;
    }
    rest = mtp_dd_two_sum(n, -x);
    m = mtp_dd_from(n);
    sum = mtp_dd_add(stirling_difference(n, x, rest), half_log_factor(n, x, rest));
    sum = mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_log_ratio(m, mtp_dd_from(x)), x));
    sum = mtp_dd_add(sum, mtp_dd_mul(mtp_dd_log_ratio(m, rest), rest));
    return fmax(mtp_dd_to(sum),
                0.0); /* C(n, x) >= 1; only for tiny x does sum not know */
}
