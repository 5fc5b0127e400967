/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratios that come ready-made, with what derive.c makes their logarithms from. */
#include "effects/check.h"
#include "effects/family.h"

#include <math.h>

/* clang-format off */
static const mtp_measure_info measures[] = {
    {.measure = MTP_HR, .code = "HR", .natural = "hazard ratio",
     .input = MTP_INPUT_RATIO, .groups = 2, .ratio = true,
     .lower = 0.0, .upper = (double)INFINITY,
     .name = "hazard ratio", .scale = "log hazard ratio", .inverse = "exponential",
     .yi = "log(estimate), or yi",
     .vi = "vi, or sei^2, or (log(upper / lower) / (2 z))^2",
     .source = "Parmar et al. (1998), "
               "doi:10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8"},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    return mtp_family_generic.check(options, raw, i, err);
}

static void effect(const mtp_effects_work *work, size_t i, double *yi, double *vi)
{
    mtp_family_generic.effect(work, i, yi, vi);
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)measure;
    (void)ft_n;
    (void)clipped;
    return exp(y);
}

static double forward(mtp_measure measure, double ratio, double ft_n)
{
    (void)measure;
    (void)ft_n;
    return log(ratio);
}

const mtp_family mtp_family_ready = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_YI, MTP_ROLE_VI},
    .n_roles = 2,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};
