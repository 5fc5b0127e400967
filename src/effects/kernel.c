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

void mtp_effect_proportion(mtp_measure measure, double x, double m, double *yi,
                           double *vi)
{
    double n = x + m;

    switch (measure) {
    case MTP_PLN:
        *yi = x > m ? log1p(-m / n) : log(x / n);
        *vi = m / x / n;
        break;
    case MTP_PLO:
        *yi = mtp_log_ratio(x, m);
        *vi = n / x / m;
        break;
    case MTP_PRZ:
        *yi = x > 0.0 && m > 0.0 ? mtp_probit(x, m) : (x - m) * (double)INFINITY;
        *vi = TWO_PI * (x / n) * (m / n) * exp(*yi * *yi) / n;
        break;
    case MTP_PAS:
        *yi = atan2(sqrt(x), sqrt(m));
        *vi = 0.25 / n;
        break;
    case MTP_PFT:
        *yi = 0.5 * (atan2(sqrt(x), sqrt(m + 1.0)) + atan2(sqrt(x + 1.0), sqrt(m)));
        *vi = 1.0 / (4.0 * n + 2.0);
        break;
    default: /* PR */
        *yi = x / n;
        *vi = x / n * (m / n) / n;
        break;
    }
}

double mtp_variance_average(mtp_measure measure, double sum_x, double sum_m, double n)
{
    double sum_n = sum_x + sum_m;

    switch (measure) {
    case MTP_PLN:
        return sum_m / sum_x / n;
    case MTP_PLO:
        return sum_n / sum_x * (sum_n / sum_m) / n;
    default: /* PR */
        return sum_x / sum_n * (sum_m / sum_n) / n;
    }
}

double mtp_variance_unbiased(double x, double m)
{
    double n = x + m;

    return x / n * (m / n) / (n - 1.0);
}

void mtp_effect_rate(mtp_measure measure, double x, double t, double *yi, double *vi)
{
    switch (measure) {
    case MTP_IRLN:
        *yi = mtp_log_ratio(x, t);
        *vi = 1.0 / x;
        break;
    case MTP_IRS:
        *yi = sqrt(x / t);
        *vi = 0.25 / t;
        break;
    case MTP_IRFT:
        *yi = 0.5 * (sqrt(x / t) + sqrt((x + 1.0) / t));
        *vi = 0.25 / t;
        break;
    default: /* IR */
        *yi = x / t;
        *vi = x / t / t;
        break;
    }
}
