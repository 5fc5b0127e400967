/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <math.h>

static mtp_sides chisq_sides(double x, double df)
{
    return mtp_gamma_sides(mtp_shape_of(df), mtp_dd_from(0.5 * x));
}

static bool is_df(double df)
{
    return df > 0.0 && df <= MTP_DF_MAX;
}

mtp_tail mtp_chisq_upper(double x, double df)
{
    return isnan(x) || !is_df(df) ? mtp_tail_undefined : chisq_sides(x, df).upper;
}

mtp_tail mtp_chisq_lower(double x, double df)
{
    return isnan(x) || !is_df(df) ? mtp_tail_undefined : chisq_sides(x, df).lower;
}

/* log Gamma(a + 1); lgamma would write the global signgam. */
static double log_factorial(double a)
{
    return mtp_stirling_error(a) + (a + 0.5) * log(a) - a + mtp_dd_half_log_2pi().hi;
}

/* Wilson & Hilferty (1931), doi:10.1073/pnas.17.12.684; where that fails, the leading
 * term P = (x / 2)^a / Gamma(a + 1), a = df / 2. */
static double quantile_start(double upper_z, double lower_p, double df)
{
    double a = mtp_shape_of(df);
    double s = sqrt(2.0 / (9.0 * df));
    double cube_root = 1.0 - s * s + upper_z * s;

    if (cube_root > 0.3) {
        return df * cube_root * cube_root * cube_root;
    }
    return 2.0 * exp((log(lower_p) + log_factorial(a)) / a);
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
