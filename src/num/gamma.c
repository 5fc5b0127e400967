/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/loader.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <float.h>
#include <math.h>

/*
 * The incomplete gamma function. Everything hangs on
 *   scale = x^a exp(-x) / Gamma(a + 1) = exp(-err(a) - dev(a, x)) / sqrt(2 pi a)
 * with Loader's two functions, whose logarithm is kept in double-double. Formulas:
 * Gautschi (1979), ACM TOMS 5:466-481, doi:10.1145/355853.355863.
 */
static mtp_dd log_scale_of(double a, mtp_dd x)
{
    mtp_dd sum = mtp_dd_add(mtp_stirling_dd(a), mtp_deviance_dd(a, x));

    sum = mtp_dd_add(sum, mtp_dd_half_log_2pi());
    return mtp_dd_neg(mtp_dd_add(sum, mtp_dd_ldexp(mtp_dd_log(mtp_dd_from(a)), -1)));
}

/* P = scale (1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + ...), x below a or 1. */
static double lower_series(double a, double x)
{
    double term = 1.0, sum = 1.0;

    for (double n = 1.0; term > 0.125 * DBL_EPSILON * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* Q = scale a / (b0 - 1 (1 - a) / (b1 - 2 (2 - a) / (b2 - ...))), b_n = x - a + 2n + 1
 * (Legendre). lead = x - a. */
static void upper_term(const mtp_fraction *f, double n, double *a, double *b)
{
    *a = n * (f->shape_a - n);
    *b = f->lead + (2.0 * n + 1.0);
}

static double upper_fraction(double a, double x_minus_a)
{
    mtp_fraction fraction = {upper_term, a, 0.0, 0.0, 0.0, x_minus_a};

    return a / mtp_fraction_value(&fraction);
}

/*
 * For a, x < 1 and P above 1/2, Q = 1 - P cancels as a goes to 0. With exp(g) = x^a /
 * Gamma(a + 1), P = exp(g) (1 + a sum_{n >= 1} (-x)^n / (n! (a + n))): both parts of
 *   Q = -expm1(g) - exp(g) a sum
 * are formed without a difference of near-equal numbers.
 */
static mtp_tail small_shape_upper(double a, double x, mtp_dd log_scale)
{
    double g = mtp_dd_to(mtp_dd_add(log_scale, mtp_dd_from(x)));
    double term = 1.0, sum = 0.0;
    double p;

    for (double n = 1.0; fabs(term) > 1e-20; n++) {
        term *= -x / n;
        sum += term / (a + n);
    }
    p = -expm1(g) - exp(g) * a * sum;
    return (mtp_tail){p, log(p)};
}

/*
 * Large a and x near a: uniform asymptotic expansion with two coefficients, eta^2 / 2 =
 * dev(a, x) / a, mu = (x - a) / a. Temme (1979), SIAM J Math Anal 10:757-766,
 * doi:10.1137/0510071; also DLMF 8.12.
 *   c0 = 1/mu - 1/eta,  c1 = 1/eta^3 - 1/mu^3 - 1/mu^2 - 1/(12 mu)
 */
static double temme_sum(double a, mtp_dd mu, mtp_dd eta)
{
    double e = eta.hi;
    mtp_dd u, v, c0, c1;

    if (fabs(e) < 1e-4) {
        return -1.0 / 3.0 + e * (1.0 / 12.0 + e * (-2.0 / 135.0 + e / 864.0)) -
               (1.0 / 540.0 + e / 288.0) / a;
    }
    u = mtp_dd_inv(mu);
    v = mtp_dd_inv(eta);
    c0 = mtp_dd_sub(u, v);
    c1 = mtp_dd_add(u, mtp_dd_from(1.0));
    c1 = mtp_dd_add(mtp_dd_mul(c1, u), mtp_dd_div(mtp_dd_from(1.0), mtp_dd_from(12.0)));
    c1 = mtp_dd_sub(mtp_dd_mul(v, mtp_dd_sqr(v)), mtp_dd_mul(c1, u));
    return mtp_dd_to(c0) + mtp_dd_to(c1) / a;
}

static mtp_sides large_shape_sides(double a, mtp_dd x)
{
    mtp_dd shape = mtp_dd_from(a);
    mtp_dd difference = mtp_dd_sub(x, shape);
    mtp_dd deviance = mtp_deviance_dd(a, x);
    mtp_dd eta = mtp_dd_sqrt(mtp_dd_div(mtp_dd_ldexp(deviance, 1), shape));
    bool above = difference.hi >= 0.0;
    mtp_dd log_density = mtp_dd_sub(mtp_dd_neg(deviance), mtp_dd_half_log_2pi());
    double z = sqrt(2.0 * deviance.hi), sum;
    mtp_sides sides;
    mtp_tail tail;

    eta = above ? eta : mtp_dd_neg(eta);
    sum = temme_sum(a, mtp_dd_div(difference, shape), eta) / sqrt(a);
    tail = mtp_tail_product(log_density, mtp_mills_ratio(z) + (above ? sum : -sum));
    sides.upper = above ? tail : mtp_tail_complement(tail);
    sides.lower = above ? mtp_tail_complement(tail) : tail;
    sides.log_slope = mtp_dd_to(log_density) + 0.5 * log(a);
    return sides;
}

mtp_sides mtp_gamma_sides(double a, mtp_dd x)
{
    mtp_sides sides = {mtp_tail_none, mtp_tail_all, -(double)INFINITY};
    mtp_dd log_scale;
    double x_minus_a;

    if (x.hi <= 0.0) {
        return sides;
    }
    if (!(x.hi <= DBL_MAX)) {
        return (mtp_sides){mtp_tail_all, mtp_tail_none, -(double)INFINITY};
    }
    if (a > 1e7 && fabs(x.hi - a) < 0.3 * a) {
        return large_shape_sides(a, x);
    }
    log_scale = log_scale_of(a, x);
    x_minus_a = mtp_dd_to(mtp_dd_sub(x, mtp_dd_from(a)));
    sides.log_slope = mtp_dd_to(log_scale) + log(a);
    if (x.hi >= fmax(a, 1.0)) {
        sides.upper = mtp_tail_product(log_scale, upper_fraction(a, x_minus_a));
        sides.lower = mtp_tail_complement(sides.upper);
        return sides;
    }
    sides.lower = mtp_tail_product(log_scale, lower_series(a, x.hi));
    sides.upper = a < 1.0 && sides.lower.p > 0.5 ? small_shape_upper(a, x.hi, log_scale)
                                                 : mtp_tail_complement(sides.lower);
    return sides;
}

static mtp_sides chisq_sides(double x, double df)
{
    return mtp_gamma_sides(0.5 * df, mtp_dd_from(0.5 * x));
}

static bool is_df(double df)
{
    return df > 0.0 && df < (double)INFINITY;
}

mtp_tail mtp_chisq_upper(double x, double df)
{
    return isnan(x) || !is_df(df) ? mtp_tail_undefined : chisq_sides(x, df).upper;
}

mtp_tail mtp_chisq_lower(double x, double df)
{
    return isnan(x) || !is_df(df) ? mtp_tail_undefined : chisq_sides(x, df).lower;
}

/* Wilson & Hilferty (1931), doi:10.1073/pnas.17.12.684; where that fails, the leading
 * term P = (x / 2)^a / Gamma(a + 1), a = df / 2. */
static double quantile_start(double upper_z, double lower_p, double df)
{
    double a = 0.5 * df;
    double s = sqrt(2.0 / (9.0 * df));
    double cube_root = 1.0 - s * s + upper_z * s;

    if (cube_root > 0.3) {
        return df * cube_root * cube_root * cube_root;
    }
    return 2.0 * exp((log(lower_p) + lgamma(a + 1.0)) / a);
}

static double solve(bool upper, double p, double df)
{
    const mtp_law law = {chisq_sides, df};
    double z;

    if (!(p > 0.0 && p < 1.0 && is_df(df))) {
        return (double)NAN;
    }
    if (p > 0.5) { /* 1 - p is exact */
        upper = !upper;
        p = 1.0 - p;
    }
    z = mtp_normal_upper_quantile(p);
    return mtp_law_solve(&law, upper, p,
                         quantile_start(upper ? z : -z, upper ? 1.0 - p : p, df));
}

double mtp_chisq_upper_quantile(double p, double df)
{
    return solve(true, p, df);
}

double mtp_chisq_lower_quantile(double p, double df)
{
    return solve(false, p, df);
}
