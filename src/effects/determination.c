/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coefficient of determination R2 of a regression with m random predictors. */
#include "effects/check.h"
#include "effects/correlation.h"
#include "effects/family.h"

#include <math.h>

#define SOURCE "Olkin & Finn (1995), doi:10.1037/0033-2909.118.1.155"
#define DETERMINATION(id)                                                              \
    .measure = MTP_##id, .code = #id, .natural = "R^2", .input = MTP_INPUT_R2,         \
    .groups = 1, .lower = 0.0, .upper = 1.0

/* clang-format off */
static const mtp_measure_info measures[] = {
    {DETERMINATION(R2),
     .vtypes = 1U << MTP_VTYPE_LS2 | 1U << MTP_VTYPE_AV | 1U << MTP_VTYPE_AV2,
     .name = "coefficient of determination", .scale = "R^2", .inverse = "none",
     .yi = "R2",
     .vi = "4 R2 (1 - R2)^2 / n (LS2: n replaced by (n^2 - 1) (n + 3) / (n - m - 1)^2; "
           "AV, AV2: the same with R2 = sum n R2 / sum n)",
     .source = "Kendall & Stuart (1979), vol. 2, eq. 27.87 and 27.88; " SOURCE},
    {DETERMINATION(ZR2),
     .name = "Fisher's z of the multiple correlation", .scale = "Fisher z of R",
     .inverse = "squared hyperbolic tangent",
     .yi = "atanh(sqrt(R2))", .vi = "1 / n",
     .source = SOURCE},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    double r2 = raw->column[MTP_ROLE_R2][i];
    mtp_vtype vtype = options->vtype;
    bool average = vtype == MTP_VTYPE_AV || vtype == MTP_VTYPE_AV2;
    mtp_status status = mtp_check_r2(raw, i, err);

    if (!status && r2 == 1.0 && !average) {
        status = mtp_impossible(raw, i, MTP_ROLE_R2,
                                "is a perfect fit, which has no sampling variance; "
                                "leave the study out",
                                err);
    }
    if (!status && r2 == 0.0 && options->measure == MTP_R2 && !average) {
        status = mtp_impossible(raw, i, MTP_ROLE_R2,
                                "has the large-sample variance 0; leave the study "
                                "out, or take the average ('vtype' AV)",
                                err);
    }
    return status ? status : mtp_check_regression(options, raw, i, 2.0, err);
}

static double r2_of(const mtp_effects_work *w, size_t i)
{
    return w->raw->column[MTP_ROLE_R2][i];
}

static void prepare(mtp_effects_work *w)
{
    mtp_share_average(w, r2_of);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_vtype vtype = w->options->vtype;
    double n = w->raw->column[MTP_ROLE_N][i];
    double df = n - w->raw->column[MTP_ROLE_PREDICTORS][i] - 1.0;
    double R2 = r2_of(w, i);

    if (w->options->measure == MTP_ZR2) {
        *yi = atanh(sqrt(R2));
        *vi = 1.0 / n;
        return;
    }
    *yi = R2;
    if (vtype == MTP_VTYPE_AV || vtype == MTP_VTYPE_AV2) {
        R2 = *(const double *)w->shared;
    }
    *vi = 4.0 * R2 * (1.0 - R2) * (1.0 - R2);
    if (vtype == MTP_VTYPE_LS2 || vtype == MTP_VTYPE_AV2) {
        *vi *= df / (n - 1.0) * (df / (n + 1.0)) / (n + 3.0);
    } else {
        *vi /= n;
    }
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    double root;

    (void)ft_n;
    if (measure == MTP_R2) {
        return mtp_clip(y, 0.0, 1.0, clipped);
    }
    root = tanh(mtp_clip(y, 0.0, (double)INFINITY, clipped));
    return root * root;
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return measure == MTP_R2 ? natural : atanh(sqrt(natural));
}

const mtp_family mtp_family_determination = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_R2, MTP_ROLE_PREDICTORS, MTP_ROLE_N},
    .n_roles = 3,
    .ready = true,
    .check = check,
    .prepare = prepare,
    .effect = effect,
    .back = back,
    .forward = forward,
};
