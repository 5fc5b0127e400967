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
