/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/loader.h"

#include "num/dist.h"
#include "num/logdd.h"

#include <float.h>
#include <stdbool.h>

/* The error at 1/2, 1, 3/2, ..., 31/2 to 106 bits: what whole numbers of events and of
 * degrees of freedom need. From mpmath at 60 digits. */
static const mtp_dd half_integer_error[] = {
    {0x1.3a37a020b8c22p-3, -0x1.abc9e3b39803fp-57},
    {0x1.4c071bcda0a5bp-4, -0x1.a4a5e4800a20dp-59},
    {0x1.c1098b28dcf33p-5, 0x1.9bb7a4c6f7c66p-59},
    {0x1.52a9b923ea649p-5, -0x1.b21c90eb2a503p-59},
    {0x1.0fab9626b44ffp-5, -0x1.f7fe3cb5185b8p-59},
    {0x1.c579a268d80b3p-6, 0x1.d35ce8484658ap-61},
    {0x1.850ea113caf0ep-6, -0x1.11479af399ee2p-62},
    {0x1.54a2662fd78a9p-6, -0x1.2afe4e0f15a3ep-62},
    {0x1.2eea2e990f134p-6, -0x1.d8b987b39f925p-60},
    {0x1.10b4e513fcbedp-6, -0x1.200924ec75416p-60},
    {0x1.eff15b81c9cc5p-7, 0x1.e46de545e8de1p-61},
    {0x1.c6b167bebdf36p-7, -0x1.020e24fcbbc56p-61},
    {0x1.a3c5f8a1e7d1dp-7, -0x1.0eab86d9b8a9bp-61},
    {0x1.85d4d612e4a86p-7, 0x1.4ef6e53b8cb9bp-61},
    {0x1.6bdfcc7fbdb0ap-7, -0x1.80fdf8ae7e321p-66},
    {0x1.552805e7b3076p-7, 0x1.5ca393046ab10p-62},
    {0x1.411b75e41049cp-7, -0x1.6e6a4471ecc23p-61},
    {0x1.2f4871b12ab64p-7, 0x1.290a4d10b6846p-64},
    {0x1.1f553026fbce1p-7, -0x1.9cf58b339305fp-61},
    {0x1.10f9d4c0743a7p-7, 0x1.11c17ffd55d36p-61},
    {0x1.03fc2d49c8fb9p-7, 0x1.74d862a91d650p-61},
    {0x1.f0593088014f8p-8, 0x1.e347b338def62p-63},
    {0x1.dac773cc5b3cdp-8, 0x1.d9feaaccd67edp-63},
    {0x1.c7018733aa9c6p-8, -0x1.ed6fbeade83f0p-65},
    {0x1.b4d04a067629fp-8, 0x1.c271d1c45dc58p-62},
    {0x1.a40514700f36cp-8, -0x1.60cf53580c190p-64},
    {0x1.947826547fe6cp-8, 0x1.781306b4d42a3p-65},
    {0x1.86076c002d4a7p-8, 0x1.1b4980f2fdfa8p-62},
    {0x1.789583ffc5e8cp-8, 0x1.03c923abda5bap-62},
    {0x1.6c08f6f194a10p-8, 0x1.780f37e4e8d55p-62},
    {0x1.604b960af6e7ep-8, -0x1.bec8661d10ef1p-62},
};

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
    mtp_dd m, product = mtp_dd_from(1.0), sum, term;
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
    if (2.0 * n == floor(2.0 * n)) {
        return half_integer_error[(int)(2.0 * n) - 1];
    }
    steps = 16 - (int)n;
    for (int j = 1; j <= steps; j++) {
        product = mtp_dd_mul(product, mtp_dd_two_sum(j, n));
    }
    m = mtp_dd_two_sum(steps, n);
    sum = mtp_dd_mul(mtp_dd_add(m, mtp_dd_from(0.5)), mtp_dd_log(m));
    term = mtp_dd_mul(mtp_dd_two_sum(0.5, n), mtp_dd_log(mtp_dd_from(n)));
    sum = mtp_dd_sub(sum, mtp_dd_add(term, mtp_dd_log(product)));
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
    mtp_dd deviance = mtp_dd_add(mtp_deviance_dd(x, mtp_dd_mul_d(p, n)),
                                 mtp_deviance_dd(rest.hi, mtp_dd_mul_d(q, n)));
    mtp_dd sum =
        mtp_dd_add(stirling_difference(n, x, rest), half_log_factor(n, x, rest));

    return isfinite(deviance.hi) ? mtp_dd_to(mtp_dd_sub(sum, deviance))
                                 : -(double)INFINITY;
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
    return fmax(mtp_dd_to(sum), 0.0); /* C(n, x) >= 1, rounding error or not */
}
