/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/sides.h"

#include <math.h>

/* df1 or df2 infinite: the chi-square of that side is its mean. */
static mtp_tail f_limit(double f, double df1, double df2)
{
    if (df1 > MTP_DF_MAX && df2 > MTP_DF_MAX) {
        return f > 1.0 ? mtp_tail_none : mtp_tail_all;
    }
    if (df2 > MTP_DF_MAX) {
        return mtp_gamma_sides(mtp_shape_of(df1), mtp_dd_two_prod(0.5 * df1, f)).upper;
    }
    return mtp_gamma_sides(mtp_shape_of(df2),
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
    if (df1 > MTP_DF_MAX || df2 > MTP_DF_MAX) {
        return f_limit(f, df1, df2);
    }
    return mtp_beta_sides(mtp_shape_of(df2), mtp_shape_of(df1),
                          mtp_odds_of(df1, f, df2))
        .upper;
}
