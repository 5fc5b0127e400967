/* SPDX-License-Identifier: GPL-3.0-or-later */
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

/*
 * P = scale a / (b0 + a1 / (b1 + ...)), the limit of the fraction in beta.c as its b
 * goes to infinity with b x fixed; all terms are positive for x < a + 1. lead = a - x.
 *   a_n = (a + n - 1) n x^2 / (a + 2n - 1)^2
 *   b_n = n + n x / (a + 2n - 1) + (a + n)(a - x + 1 + 2n) / (a + 2n + 1)
 */
static void lower_term(const mtp_fraction *f, double n, double *a, double *b)
{
    double odd = f->shape_a + 2.0 * n - 1.0;
    double u = n > 0.0 ? n * f->x / odd : 0.0;

    *a = u * (f->x / odd) * (f->shape_a + n - 1.0);
    *b = n + u + (f->shape_a + n) / (odd + 2.0) * (f->lead + (1.0 + 2.0 * n));
}

static double lower_factor(double a, double x, double x_minus_a)
{
    mtp_fraction fraction = {lower_term, a, 0.0, x, 0.0, -x_minus_a};

    return a / mtp_fraction_value(&fraction);
}

/* Q = scale a / (b0 - 1 (1 - a) / (b1 - 2 (2 - a) / (b2 - ...))), b_n = x - a + 2n + 1
 * (Legendre). lead = x - a. */
static void upper_term(const mtp_fraction *f, double n, double *a, double *b)
{
    *a = n * (f->shape_a - n);
    *b = f->lead + (2.0 * n + 1.0);
}

static double upper_factor(double a, double x_minus_a)
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
    p = fmax(-expm1(g) - exp(g) * a * sum, 0.0);
    return (mtp_tail){p, log(p)};
}

/* Both sides by the uniform expansion. Temme (1979), SIAM J Math Anal 10:757-766,
 * doi:10.1137/0510071; DLMF 8.12. */
static mtp_sides uniform_sides(double a, mtp_dd x)
{
    mtp_dd deviance = mtp_deviance_dd(a, x);
    mtp_dd w = mtp_dd_sqrt(mtp_dd_from(a));
    mtp_dd lead = mtp_dd_sub(mtp_dd_from(a), x);
    bool below = lead.hi >= 0.0;
    double limit = 1.0 / (3.0 * w.hi);
    mtp_tail tail = mtp_uniform_tail(deviance, w, below ? lead : mtp_dd_neg(lead),
                                     below ? limit : -limit);
    mtp_tail other = mtp_tail_complement(tail);

    return (mtp_sides){below ? tail : other, below ? other : tail, 0.0, 0.0};
}

mtp_sides mtp_gamma_sides(double a, mtp_dd x)
{
    mtp_sides sides = {mtp_tail_none, mtp_tail_all, -(double)INFINITY, a};
    mtp_dd log_scale;
    double x_minus_a;

    if (x.hi <= 0.0) {
        return sides;
    }
    if (!(x.hi <= DBL_MAX)) {
        return (mtp_sides){mtp_tail_all, mtp_tail_none, -(double)INFINITY,
                           -(double)INFINITY};
    }
    log_scale = log_scale_of(a, x);
    x_minus_a = mtp_dd_to(mtp_dd_sub(x, mtp_dd_from(a)));
    if (a > MTP_UNIFORM_FROM && fabs(x_minus_a) < 0.3 * a) {
        sides = uniform_sides(a, x);
    } else if (x.hi >= fmax(a, 1.0)) {
        sides.upper = mtp_tail_product(log_scale, upper_factor(a, x_minus_a));
        sides.lower = mtp_tail_complement(sides.upper);
    } else {
        sides.lower = mtp_tail_product(log_scale, lower_factor(a, x.hi, x_minus_a));
        sides.upper = mtp_tail_complement(sides.lower);
        if (a < 1.0 && sides.lower.p > 0.5) {
            sides.upper = small_shape_upper(a, x.hi, log_scale);
            sides.lower = mtp_tail_complement(sides.upper);
        }
    }
    sides.log_slope = mtp_dd_to(log_scale) + log(a);
    sides.bend = -x_minus_a;
    return sides;
}
