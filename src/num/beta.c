/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/loader.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <float.h>
#include <math.h>

/*
 * The incomplete beta function, for Student's t and F. Both x and y = 1 - x are known
 * to 106 bits, and with n = a + b scale = x^a y^b / B(a, b) = sqrt(a b / (2 pi n))
 * exp(err(n) - err(a) - err(b) - dev(a, n x) - dev(b, n y)) with Loader's two
 * functions: a rounding error of x or y moves the two deviances little, because each is
 * stationary at its mean.
 */
typedef struct beta_point {
    double a, b;
    mtp_dd x, y;
} beta_point;

/* log(exp(err(n) - err(a) - err(b)) sqrt(a b / (2 pi n))). */
static mtp_dd log_constant(double a, double b, mtp_dd n)
{
    mtp_dd ratio = mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(b), n), a);
    mtp_dd sum = mtp_dd_sub(mtp_dd_ldexp(mtp_dd_log(ratio), -1), mtp_dd_half_log_2pi());

    sum = mtp_dd_sub(sum, mtp_dd_add(mtp_stirling_dd(a), mtp_stirling_dd(b)));
    return mtp_dd_add(sum, mtp_stirling_dd(n.hi));
}

static mtp_dd log_scale_of(const beta_point *at)
{
    mtp_dd n = mtp_dd_two_sum(at->a, at->b);
    mtp_dd deviance = mtp_dd_add(mtp_deviance_dd(at->a, mtp_dd_mul(n, at->x)),
                                 mtp_deviance_dd(at->b, mtp_dd_mul(n, at->y)));

    return mtp_dd_sub(log_constant(at->a, at->b, n), deviance);
}

/*
 * I_x(a, b) = scale / (b0 + a1 / (b1 + ...)), lead = a y - b x:
 *   a_n = (a + n - 1)(a + b + n - 1) n (b - n) x^2 / (a + 2n - 1)^2
 *   b_n = n + n (b - n) x / (a + 2n - 1) + (a + n)(lead + 1 + n (1 + y)) / (a + 2n + 1)
 * Didonato & Morris (1992), ACM TOMS 18:360-373, doi:10.1145/131766.131776, eq. 8
 * and 9.
 */
static void beta_term(const mtp_fraction *f, double n, double *a, double *b)
{
    double odd = f->shape_a + 2.0 * n - 1.0;
    double u = n > 0.0 ? n * (f->shape_b - n) * f->x / odd : 0.0;

    *a =
        u * (f->shape_a + n - 1.0) * ((f->shape_a + f->shape_b + n - 1.0) / odd) * f->x;
    *b = n + u + (f->shape_a + n) / (odd + 2.0) * (f->lead + 1.0 + n * (1.0 + f->y));
}

static double direct_factor(const beta_point *at)
{
    mtp_dd lead = mtp_dd_sub(mtp_dd_mul_d(at->y, at->a), mtp_dd_mul_d(at->x, at->b));
    mtp_fraction fraction = {beta_term, at->a,    at->b,
                             at->x.hi,  at->y.hi, mtp_dd_to(lead)};

    return 1.0 / mtp_fraction_value(&fraction);
}

/*
 * 1 - I_x(a, b) for a < 1 where I_x is above 1/2: with exp(g) = x^a / (a B(a, b)),
 * I_x = exp(g) (1 + a sum_{n >= 1} (1 - b)_n x^n / (n! (a + n))), and both parts of
 * -expm1(g) - exp(g) a sum are formed without cancellation.
 */
static mtp_tail small_shape_complement(const beta_point *at, mtp_dd log_scale)
{
    double a = at->a, x = at->x.hi, term = 1.0, sum = 0.0, g, p;

    log_scale = mtp_dd_sub(log_scale, mtp_dd_mul_d(mtp_dd_log(at->y), at->b));
    g = mtp_dd_to(mtp_dd_sub(log_scale, mtp_dd_log(mtp_dd_from(a))));
    for (double n = 1.0; fabs(term) > 1e-20; n++) {
        term *= (n - at->b) / n * x;
        sum += term / (a + n);
    }
    p = -expm1(g) - exp(g) * a * sum;
    return (mtp_tail){p, log(p)};
}

/* I_x(a, b) and its complement for x <= a / (a + b). */
static void smaller_side(const beta_point *at, mtp_dd log_scale, mtp_tail *direct,
                         mtp_tail *other)
{
    *direct = mtp_tail_product(log_scale, direct_factor(at));
    *other = at->a < 1.0 && at->x.hi < 0.9 && direct->p > 0.5
                 ? small_shape_complement(at, log_scale)
                 : mtp_tail_complement(*direct);
}

/*
 * x = 1 / rho or smaller than any double: I_x(a, b) = x^a / (a B(a, b)) to the last
 * bit. Here log_x stands for x, and y = 1.
 */
static void vanishing_side(double a, double b, mtp_dd log_x, mtp_tail *direct,
                           mtp_tail *other, double *log_slope)
{
    mtp_dd n = mtp_dd_two_sum(a, b);
    mtp_dd sum = mtp_dd_add(log_x, mtp_dd_log_ratio(n, mtp_dd_from(a)));

    sum = mtp_dd_add(mtp_dd_mul_d(sum, a), log_constant(a, b, n));
    sum = mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_log_ratio(n, mtp_dd_from(b)), b));
    *log_slope = mtp_dd_to(sum);
    sum = mtp_dd_sub(sum, mtp_dd_log(mtp_dd_from(a)));
    *direct = mtp_tail_product(sum, 1.0);
    other->p = -expm1(fmin(mtp_dd_to(sum), 0.0));
    other->log_p = direct->p > 0.5 ? log(other->p) : log1p(-direct->p);
}

static mtp_sides vanishing_sides(double a, double b, mtp_odds rho)
{
    mtp_dd log_rho = mtp_dd_add(mtp_dd_log(rho.m), mtp_dd_mul_d(mtp_dd_log_2(), rho.e));
    mtp_sides sides;

    if (rho.e > 0) {
        vanishing_side(a, b, mtp_dd_neg(log_rho), &sides.upper, &sides.lower,
                       &sides.log_slope);
    } else {
        vanishing_side(b, a, log_rho, &sides.lower, &sides.upper, &sides.log_slope);
    }
    return sides;
}

mtp_sides mtp_beta_sides(double a, double b, mtp_odds rho)
{
    mtp_dd odds, log_scale;
    beta_point at = {a, b, {0.0, 0.0}, {0.0, 0.0}}, turned;
    mtp_sides sides;

    if (rho.e > 600 || rho.e < -600) {
        return vanishing_sides(a, b, rho);
    }
    odds = mtp_dd_ldexp(rho.m, rho.e);
    at.x = mtp_dd_inv(mtp_dd_add(mtp_dd_from(1.0), odds));
    at.y = mtp_dd_mul(odds, at.x);
    turned = (beta_point){b, a, at.y, at.x};
    log_scale = log_scale_of(&at);
    if (b <= a * odds.hi) {
        smaller_side(&at, log_scale, &sides.upper, &sides.lower);
    } else {
        smaller_side(&turned, log_scale, &sides.lower, &sides.upper);
    }
    sides.log_slope = mtp_dd_to(log_scale);
    return sides;
}

/* u v / w, each positive and finite. */
static mtp_odds odds_of(double u, double v, double w)
{
    int eu, ev, ew, e;
    double mu = frexp(u, &eu), mv = frexp(v, &ev), mw = frexp(w, &ew);
    mtp_dd m = mtp_dd_div(mtp_dd_two_prod(mu, mv), mtp_dd_from(mw));

    (void)frexp(m.hi, &e);
    return (mtp_odds){mtp_dd_ldexp(m, -e), eu + ev - ew + e};
}

/* |T| below and above t > 0: T^2 / df has the law of chi2_1 / chi2_df. */
static mtp_sides t_sides(double t, double df)
{
    mtp_sides sides = mtp_beta_sides(0.5 * df, 0.5, odds_of(t, t, df));

    sides.log_slope += mtp_dd_log_2().hi; /* d log rho = 2 d log t */
    return sides;
}

static bool is_normal(double df)
{
    return isnan(df) || df == (double)INFINITY;
}

mtp_tail mtp_t_two_sided(double t, double df)
{
    if (is_normal(df)) {
        return mtp_normal_two_sided(t);
    }
    if (isnan(t) || !(df > 0.0)) {
        return mtp_tail_undefined;
    }
    if (t == 0.0 || isinf(t)) {
        return t == 0.0 ? mtp_tail_all : mtp_tail_none;
    }
    return t_sides(fabs(t), df).upper;
}

/* Starts: P(|T| >= t) is near (1 + t^2 / df)^(-df / 2), and P(|T| < t) <= 2 t f(0). */
double mtp_t_upper_quantile(double p, double df)
{
    const mtp_law law = {t_sides, df};

    if (is_normal(df)) {
        return mtp_normal_upper_quantile(p);
    }
    if (!(p > 0.0 && p < 1.0 && df > 0.0)) {
        return (double)NAN;
    }
    if (p > 0.5) { /* 1 - p is exact */
        return -mtp_t_upper_quantile(1.0 - p, df);
    }
    if (p == 0.5) {
        return 0.0;
    }
    if (p < 0.25) {
        return mtp_law_solve(&law, true, 2.0 * p,
                             sqrt(df * expm1(-2.0 * log(2.0 * p) / df)));
    }
    return mtp_law_solve(&law, false, 1.0 - 2.0 * p, 1.2533 * (1.0 - 2.0 * p));
}

/* df1 or df2 infinite: the chi-square of that side is its mean. */
static mtp_tail f_limit(double f, double df1, double df2)
{
    if (df1 == (double)INFINITY && df2 == (double)INFINITY) {
        return f > 1.0 ? mtp_tail_none : mtp_tail_all;
    }
    if (df2 == (double)INFINITY) {
        return mtp_gamma_sides(0.5 * df1, mtp_dd_two_prod(0.5 * df1, f)).upper;
    }
    return mtp_gamma_sides(0.5 * df2,
                           mtp_dd_div(mtp_dd_from(0.5 * df2), mtp_dd_from(f)))
        .lower;
}

mtp_tail mtp_f_upper(double f, double df1, double df2)
{
    if (isnan(f) || !(df1 > 0.0) || !(df2 > 0.0)) {
        return mtp_tail_undefined;
    }
    if (f <= 0.0 || f == (double)INFINITY) {
        return f <= 0.0 ? mtp_tail_all : mtp_tail_none;
    }
    if (df1 == (double)INFINITY || df2 == (double)INFINITY) {
        return f_limit(f, df1, df2);
    }
    return mtp_beta_sides(0.5 * df2, 0.5 * df1, odds_of(df1, f, df2)).upper;
}
