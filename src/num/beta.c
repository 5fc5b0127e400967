/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/loader.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <math.h>
#include <stdlib.h>

/*
 * The incomplete beta function, for Student's t and F. Both x and y = 1 - x are known
 * to 106 bits, and with n = a + b everything hangs on
 *   scale = x^a y^b / B(a, b)
 *         = sqrt(a b / (2 pi n)) exp(err(n) - err(a) - err(b) - dev),
 *   dev   = dev(a, n x) + dev(b, n y),
 * with Loader's two functions: a rounding error of x or y moves dev little, because
 * either part is stationary at its mean.
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

/* dev(a, n x) + dev(b, n y). */
static mtp_dd deviance_of(const beta_point *at)
{
    mtp_dd n = mtp_dd_two_sum(at->a, at->b);

    return mtp_dd_add(mtp_deviance_dd(at->a, mtp_dd_mul(n, at->x)),
                      mtp_deviance_dd(at->b, mtp_dd_mul(n, at->y)));
}

/* a y - b x: positive where x is below its mean. */
static mtp_dd lead_of(const beta_point *at)
{
    return mtp_dd_sub(mtp_dd_mul_d(at->y, at->a), mtp_dd_mul_d(at->x, at->b));
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
    mtp_fraction fraction = {beta_term, at->a,    at->b,
                             at->x.hi,  at->y.hi, mtp_dd_to(lead_of(at))};

    return 1.0 / mtp_fraction_value(&fraction);
}

/* Both sides by the uniform expansion. Temme (1982), SIAM J Math Anal 13:239-253,
 * doi:10.1137/0513016; DLMF 8.18.9. */
static mtp_sides uniform_sides(const beta_point *at, mtp_dd deviance)
{
    mtp_dd ratio = mtp_dd_div(mtp_dd_from(at->b), mtp_dd_two_sum(at->a, at->b));
    mtp_dd w = mtp_dd_sqrt(mtp_dd_mul_d(ratio, at->a));
    mtp_dd lead = lead_of(at);
    bool below = lead.hi >= 0.0;
    double limit = (at->b - at->a) / (at->a + at->b) / (3.0 * w.hi);
    mtp_tail tail = mtp_uniform_tail(deviance, w, below ? lead : mtp_dd_neg(lead),
                                     below ? limit : -limit);
    mtp_tail other = mtp_tail_complement(tail);

    return (mtp_sides){below ? other : tail, below ? tail : other, 0.0, 0.0};
}

static bool is_uniform(const beta_point *at)
{
    double least = fmin(at->a, at->b);

    return least > MTP_UNIFORM_FROM && fabs(lead_of(at).hi) < 0.3 * least;
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
    p = fmax(-expm1(g) - exp(g) * a * sum, 0.0);
    return (mtp_tail){p, log(p)};
}

/* I_x(a, b) and its complement. */
static void direct_side(const beta_point *at, mtp_dd log_scale, mtp_tail *direct,
                        mtp_tail *other)
{
    *direct = mtp_tail_product(log_scale, direct_factor(at));
    if (at->a < 1.0 && at->x.hi < 0.9 && direct->p > 0.5) {
        *other = small_shape_complement(at, log_scale);
        *direct = mtp_tail_complement(*other);
    } else {
        *other = mtp_tail_complement(*direct);
    }
}

/* Whether I_x(a, b), not I_y(b, a), is the one to compute: x is below its mean; but for
 * a small shape the fraction is the faster one far beyond the mean. */
static bool is_upper_direct(const beta_point *at)
{
    double ay = at->a * at->y.hi, bx = at->b * at->x.hi;

    if (bx <= ay) {
        return !(at->b < 0.25 && ay < 1.0 && at->y.hi < 0.5);
    }
    return at->a < 0.25 && bx < 1.0 && at->x.hi < 0.5;
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
    other->p = 0.0 - expm1(fmin(mtp_dd_to(sum), 0.0));
    other->log_p = direct->p > 0.5 ? log(other->p) : log1p(-direct->p);
}

static mtp_sides vanishing_sides(double a, double b, mtp_odds rho)
{
    mtp_dd log_rho = mtp_dd_add(mtp_dd_log(rho.m), mtp_dd_mul_d(mtp_dd_log_2(), rho.e));
    mtp_sides sides;

    if (rho.e > 0) {
        vanishing_side(a, b, mtp_dd_neg(log_rho), &sides.upper, &sides.lower,
                       &sides.log_slope);
        sides.bend = -a;
    } else {
        vanishing_side(b, a, log_rho, &sides.lower, &sides.upper, &sides.log_slope);
        sides.bend = b;
    }
    return sides;
}

mtp_sides mtp_beta_sides(double a, double b, mtp_odds rho)
{
    mtp_dd odds, deviance, log_scale;
    beta_point at = {a, b, {0.0, 0.0}, {0.0, 0.0}}, turned;
    mtp_sides sides;

    if (abs(rho.e) > 900) {
        return vanishing_sides(a, b, rho);
    }
    odds = mtp_dd_ldexp(rho.m, rho.e);
    at.x = mtp_dd_inv(mtp_dd_add(mtp_dd_from(1.0), odds));
    at.y = mtp_dd_mul(odds, at.x);
    turned = (beta_point){b, a, at.y, at.x};
    deviance = deviance_of(&at);
    log_scale = mtp_dd_sub(log_constant(a, b, mtp_dd_two_sum(a, b)), deviance);
    if (is_uniform(&at)) {
        sides = uniform_sides(&at, deviance);
    } else if (is_upper_direct(&at)) {
        direct_side(&at, log_scale, &sides.upper, &sides.lower);
    } else {
        direct_side(&turned, log_scale, &sides.lower, &sides.upper);
    }
    sides.log_slope = mtp_dd_to(log_scale);
    sides.bend = -lead_of(&at).hi;
    return sides;
}

mtp_odds mtp_odds_of(double u, double v, double w)
{
    int eu, ev, ew, e;
    double mu = frexp(u, &eu), mv = frexp(v, &ev), mw = frexp(w, &ew);
    mtp_dd m = mtp_dd_div(mtp_dd_two_prod(mu, mv), mtp_dd_from(mw));

    (void)frexp(m.hi, &e);
    return (mtp_odds){mtp_dd_ldexp(m, -e), eu + ev - ew + e};
}
