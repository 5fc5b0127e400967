/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/means.h"

#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "num/logdd.h"

#include <math.h>

mtp_status mtp_check_sd(const mtp_raw *raw, size_t i, mtp_role role, mtp_error *err)
{
    return mtp_check_positive(
        raw, i, role, "is not above 0; values without spread have no sampling variance",
        err);
}

mtp_status mtp_check_sd_size(const mtp_effects_options *options, const mtp_raw *raw,
                             size_t i, mtp_role role, mtp_error *err)
{
    mtp_status status = mtp_check_size(options, raw, i, role, err);

    if (!status && raw->column[role][i] < 2.0) {
        status = mtp_impossible(
            raw, i, role, "is below 2; a standard deviation takes 2 patients or more",
            err);
    }
    return status;
}

mtp_status mtp_check_j_size(const mtp_effects_options *options, const mtp_raw *raw,
                            size_t i, mtp_role role, mtp_error *err)
{
    mtp_status status = mtp_check_sd_size(options, raw, i, role, err);

    if (!status && options->correct && raw->column[role][i] <= 2.0) {
        status = mtp_impossible(
            raw, i, role,
            "is not above 2; the bias of this standardized mean is not defined for so "
            "few patients ('correct' no leaves the correction out)",
            err);
    }
    return status;
}

mtp_status mtp_check_log_mean(const mtp_raw *raw, size_t i, mtp_role role,
                              mtp_error *err)
{
    return mtp_check_positive(raw, i, role,
                              "is not above 0; such a mean has no logarithm", err);
}

mtp_status mtp_check_mean_ratio(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double mean1 = raw->column[MTP_ROLE_MEAN1][i];
    double mean2 = raw->column[MTP_ROLE_MEAN2][i];
    char text[2][MTP_NUMBER_TEXT];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_MEAN1, err);

    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_MEAN2, err);
    }
    if (!status && !((mean1 > 0.0 && mean2 > 0.0) || (mean1 < 0.0 && mean2 < 0.0))) {
        mtp_number_format(mean1, text[0]);
        mtp_number_format(mean2, text[1]);
        status = mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_MEAN1),
                             "the means %s and %s are not both above 0 or both below; "
                             "their ratio has no logarithm",
                             text[0], text[1]);
    }
    return status;
}

mtp_status mtp_check_two_sds(const mtp_effects_options *options, const mtp_raw *raw,
                             size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_sd(raw, i, MTP_ROLE_SD1, err);

    if (!status) {
        status = mtp_check_sd_size(options, raw, i, MTP_ROLE_N1, err);
    }
    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD2, err);
    }
    return status ? status : mtp_check_sd_size(options, raw, i, MTP_ROLE_N2, err);
}

mtp_status mtp_check_two_groups(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_MEAN1, err);

    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_MEAN2, err);
    }
    return status ? status : mtp_check_two_sds(options, raw, i, err);
}

static double value(const mtp_raw *raw, size_t i, mtp_role role)
{
    return raw->column[role] ? raw->column[role][i] : (double)NAN;
}

mtp_group mtp_group_alone(const mtp_raw *raw, size_t i)
{
    return (mtp_group){value(raw, i, MTP_ROLE_MEAN), value(raw, i, MTP_ROLE_SD),
                       value(raw, i, MTP_ROLE_N)};
}

mtp_group mtp_group_1(const mtp_raw *raw, size_t i)
{
    return (mtp_group){value(raw, i, MTP_ROLE_MEAN1), value(raw, i, MTP_ROLE_SD1),
                       value(raw, i, MTP_ROLE_N1)};
}

mtp_group mtp_group_2(const mtp_raw *raw, size_t i)
{
    return (mtp_group){value(raw, i, MTP_ROLE_MEAN2), value(raw, i, MTP_ROLE_SD2),
                       value(raw, i, MTP_ROLE_N2)};
}

double mtp_pooled_sd(const mtp_group *g1, const mtp_group *g2)
{
    double df1 = g1->n - 1.0, df2 = g2->n - 1.0;

    return sqrt((df1 * g1->sd * g1->sd + df2 * g2->sd * g2->sd) / (df1 + df2));
}

mtp_dd mtp_log_quotient(double a, double b)
{
    return mtp_dd_log_ratio(mtp_dd_from(fabs(a)), mtp_dd_from(fabs(b)));
}

mtp_dd mtp_log_sd_variance(double n)
{
    return mtp_dd_ldexp(mtp_dd_inv(mtp_dd_two_sum(n, -1.0)), -1);
}

mtp_dd mtp_log_mean_variance(const mtp_group *g)
{
    mtp_dd cv = mtp_dd_div(mtp_dd_from(g->sd), mtp_dd_from(g->mean));

    return mtp_dd_div(mtp_dd_sqr(cv), mtp_dd_from(g->n));
}
