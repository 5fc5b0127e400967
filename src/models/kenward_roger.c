/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kenward_roger.h"

#include "tau2/sums.h"

mtp_dd mtp_expected_variance(const mtp_studies *studies, mtp_dd tau2)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, tau2};

    return mtp_dd_div(mtp_dd_from(2.0), mtp_trace_of_square(studies, &by, NULL));
}

/* S3 - S2^2 / S1 = sum w (w - S2 / S1)^2, a sum of positive terms. */
static mtp_dd spread_of_weights(const mtp_studies *studies, mtp_dd tau2, mtp_dd mean)
{
    mtp_dd spread = {0.0, 0.0};

    for (size_t i = 0; i < studies->k; i++) {
        mtp_dd w = mtp_weight(studies->point[i].v, tau2);

        spread = mtp_dd_add(spread, mtp_dd_mul(w, mtp_dd_sqr(mtp_dd_sub(w, mean))));
    }
    return spread;
}

mtp_kenward_roger mtp_kenward_roger_of(const mtp_studies *studies, mtp_dd tau2,
                                       mtp_dd tau2_variance)
{
    mtp_dd spread, variance, df;
    mtp_sums s;

    mtp_sums_at(studies, tau2, &s);
    spread = spread_of_weights(studies, tau2, mtp_dd_div(s.w2, s.w));
    variance = mtp_dd_mul(mtp_dd_mul_d(tau2_variance, 2.0),
                          mtp_dd_div(spread, mtp_dd_sqr(s.w)));
    variance = mtp_dd_add(variance, mtp_dd_inv(s.w));
    df = mtp_dd_mul(tau2_variance, mtp_dd_sqr(mtp_dd_mul(s.w2, variance)));
    return (mtp_kenward_roger){mtp_dd_sqrt(variance),
                               mtp_dd_to(mtp_dd_div(mtp_dd_from(2.0), df))};
}
