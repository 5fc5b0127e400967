/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/kernel.h"

#include "num/dist.h"

#include <math.h>

static const double TWO_PI = 6.28318530717958647692;
static const double SQRT_HALF = 0.707106781186547524401;

double mtp_log_ratio(double a, double b)
{
    double r = a / b;

    /* a - b is exact within a factor of two (Sterbenz). */
    return r > 0.5 && r < 2.0 ? log1p((a - b) / b) : log(r);
}

/*
 * From the smaller tail; near the middle, where x / n has rounded away the digits of
 * x / n - 1/2, one Newton step on erf(z / sqrt 2) = (x - m) / n restores them.
 */
double mtp_probit(double x, double m)
{
    double n = x + m;
    double d = (x - m) / n;
    double z;

    if (d == 0.0) {
        return 0.0;
    }
    z = x < m ? -mtp_normal_upper_quantile(x / n) : mtp_normal_upper_quantile(m / n);
    if (fabs(d) < 0.5) {
        z -= 0.5 * (erf(z * SQRT_HALF) - d) * sqrt(TWO_PI) * exp(0.5 * z * z);
    }
    return z;
}

/* Jeannerod, Louvet & Muller (2013), Math Comp 82:2245,
 * doi:10.1090/S0025-5718-2013-02679-8. */
double mtp_difference_of_products(double a, double d, double b, double c)
{
    double bc = b * c;
    double rest = fma(-b, c, bc);

    return fma(a, d, -bc) + rest;
}

double mtp_log_by_excess(double ratio, double excess)
{
    return ratio > 0.5 && ratio < 2.0 ? log1p(excess) : log(ratio);
}

/*
 * (Phi(m + h) - Phi(m - h)) / (2 h phi(m)) = sum He_2j(m) h^2j / (2 j + 1)!, with the
 * Hermite polynomials He_(n + 1) = m He_n - n He_(n - 1): Taylor's series about m.
 */
static double mean_density(double m, double h)
{
    double sum = 1.0, even = 1.0, odd = m, power = 1.0;

    for (int n = 2; n < 80; n += 2) {
        even = m * odd - (n - 1) * even;
        odd = m * even - n * odd;
        power *= h * h / (n * (n + 1));
        sum += even * power;
        if (fabs(power) * (fabs(even) + fabs(odd)) < 1e-18) {
            break;
        }
    }
    return sum;
}

/*
 * The difference of two rounded probits has lost digits where they are near each other;
 * the difference of the proportions, D / (n1 n2), has not, and gives it back:
 *   2 h = D / (n1 n2) / (phi(m) mean_density(m, h)),
 * h on the right from the rounded probits, where a relative error shrinks by h^2.
 */
double mtp_probit_difference(double x1, double m1, double x2, double m2)
{
    double z1 = mtp_probit(x1, m1), z2 = mtp_probit(x2, m2);
    double m = 0.5 * (z1 + z2), h = 0.5 * (z1 - z2);
    double d = mtp_difference_of_products(x1, m2, m1, x2) / (x1 + m1) / (x2 + m2);

    if (fabs(h) > 0.5 || fabs(m * h) > 1.0) {
        return z1 - z2;
    }
    for (int step = 0; step < 2; step++) {
        h = 0.5 * d * sqrt(TWO_PI) * exp(0.5 * m * m) / mean_density(m, h);
    }
    return 2.0 * h;
}
