/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/logdd.h"
#include "num/sides.h"

#include <math.h>

/* |T| below and above t > 0: T^2 / df has the law of chi2_1 / chi2_df. */
static mtp_sides t_sides(double t, double df)
{
    mtp_sides sides = mtp_beta_sides(mtp_shape_of(df), 0.5, mtp_odds_of(t, t, df));

    sides.log_slope += mtp_dd_log_2().hi; /* d log rho = 2 d log t */
    sides.bend *= 2.0;
    return sides;
}

static bool is_normal(double df)
{
    return isnan(df) || df > MTP_DF_MAX;
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
