/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gauss's hypergeometric function where unbiased correlations need it. */
#include "effects/correlation.h"

#include <float.h>
#include <math.h>

/*
 * F(a, b; c; u) in parts, so that what cancels in the variance never appears:
 *   first   a b / c u
 *   beyond  F - 1 - first
 */
typedef struct expansion {
    double first, beyond;
} expansion;

/* The power series; its terms fall at least as fast as u^k or as k^(1 - c). */
static expansion by_series(double a, double b, double c, double u)
{
    double term = a * b / c * u;
    expansion f = {term, 0.0};

    for (double k = 1.0; term > 0.25 * DBL_EPSILON * f.beyond; k++) {
        term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * u;
        f.beyond += term;
    }
    return f;
}

/*
 * Euler's integral: F is the mean of (1 - t u)^-a under a beta(b, c - b) density of t.
 * In x = logit t that density and the mean are analytic in a strip around the real line
 * and fall off exponentially, so that the trapezoidal rule with step 1/4 is exact to
 * double precision (its error is about exp(-pi^2 / step)), also as u comes near 1.
 */
static expansion by_integral(double a, double b, double c, double u, double v)
{
    static const double STEP = 0.25, LOG_TINY = -44.0;
    double first = a * b / c * u, sum = 0.0, total = 0.0;
    int from = (int)(LOG_TINY / b / STEP);
    int to = (int)((a * fmin(-log(v), 700.0) - LOG_TINY) / (c - b) / STEP);

    for (int j = from; j <= to; j++) {
        double x = STEP * j, e = exp(-fabs(x));
        double t = (x < 0.0 ? e : 1.0) / (1.0 + e);
        double rest = (x < 0.0 ? 1.0 : e) / (1.0 + e);
        double weight = exp(b * fmin(x, 0.0) - (c - b) * fmax(x, 0.0) - c * log1p(e));
        double log_h = x < 0.0 ? log1p(-t * u) : log(rest + t * v);

        total += weight;
        sum += weight * expm1(-a * log_h);
    }
    return (expansion){first, sum / total - first};
}

/* u in [0, 1), v = 1 - u, c > b > 0. Small u or large c: a few dozen terms. */
static expansion hypergeometric(double a, double b, double c, double u, double v)
{
    return u <= 0.5 || c >= 24.0 ? by_series(a, b, c, u) : by_integral(a, b, c, u, v);
}

double mtp_hypergeometric(double a, double b, double c, double u)
{
    expansion f = hypergeometric(a, b, c, u, 1.0 - u);

    return 1.0 + f.first + f.beyond;
}

double mtp_unbiased_correlation(double r, double n)
{
    double u = (1.0 - r) * (1.0 + r);
    expansion f;

    if (r == 0.0) {
        return 0.0;
    }
    f = hypergeometric(0.5, 0.5, 0.5 * (n - 2.0), u, r * r);
    return r * (1.0 + (f.first + f.beyond));
}

/*
 * With F1 = 1 + s, s = first + beyond, and F2 = 1 + first2 + beyond2, the terms of
 * order u = 1 - r^2 cancel, for 2 first = u / (n - 2): (1 - u) F1^2 - 1 + (n - 3) / (n
 * - 2) u F2 = 2 beyond + s^2 - u s (2 + s) + (n - 3) / (n - 2) u (first2 + beyond2)
 */
double mtp_unbiased_correlation_variance(double r, double n)
{
    double u = (1.0 - r) * (1.0 + r);
    expansion f1, f2;
    double s;

    if (r == 0.0) { /* F2 = (n - 2) / (n - 4) by Gauss's theorem */
        return 1.0 / (n - 4.0);
    }
    f2 = hypergeometric(1.0, 1.0, 0.5 * n, u, r * r);
    f1 = hypergeometric(0.5, 0.5, 0.5 * (n - 2.0), u, r * r);
    s = f1.first + f1.beyond;
    return 2.0 * f1.beyond + s * s - u * s * (2.0 + s) +
           (n - 3.0) / (n - 2.0) * u * (f2.first + f2.beyond);
}
