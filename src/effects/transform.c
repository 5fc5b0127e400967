/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the analysis scale and the natural scale. */
#include "core/dd.h"
#include "effects/family.h"

#include <math.h>

double mtp_clip(double y, double lower, double upper, bool *clipped)
{
    if (y >= lower && y <= upper) {
        return y;
    }
    if (clipped) {
        *clipped = true;
    }
    return y < lower ? lower : upper;
}

double mtp_back_transform(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    const mtp_family *family = mtp_family_of(measure);
    const mtp_measure_info *info = mtp_measure_get(measure);

    if (isnan(y)) {
        return y;
    }
    return family->back ? family->back(measure, y, ft_n, clipped)
                        : mtp_clip(y, info->lower, info->upper, clipped);
}

double mtp_forward_transform(mtp_measure measure, double natural, double ft_n)
{
    const mtp_family *family = mtp_family_of(measure);
    const mtp_measure_info *info = mtp_measure_get(measure);

    if (!(natural >= info->lower && natural <= info->upper)) {
        return (double)NAN;
    }
    return family->forward ? family->forward(measure, natural, ft_n) : natural;
}

/* Sums in double-double, so that the order of the studies changes no bit. */
double mtp_ft_pooled_n(mtp_ft_n kind, size_t k, const double n[],
                       double pooled_variance)
{
    mtp_dd sum = mtp_dd_from(0.0);

    if (kind == MTP_FT_INVERSE_VARIANCE) {
        return 0.25 / pooled_variance;
    }
    for (size_t i = 0; i < k; i++) {
        mtp_dd term = mtp_dd_from(n[i]);

        if (kind == MTP_FT_HARMONIC) {
            term = mtp_dd_inv(term);
        } else if (kind == MTP_FT_GEOMETRIC) {
            term = mtp_dd_from(log(n[i]));
        }
        sum = mtp_dd_add(sum, term);
    }
    if (kind == MTP_FT_HARMONIC) {
        return mtp_dd_to(mtp_dd_div(mtp_dd_from((double)k), sum));
    }
    sum = mtp_dd_div(sum, mtp_dd_from((double)k));
    return kind == MTP_FT_GEOMETRIC ? exp(mtp_dd_to(sum)) : mtp_dd_to(sum);
}
