/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observed minus expected events of a log-rank test, and their variance. */
#include "effects/check.h"
#include "effects/family.h"

#include <math.h>

/* clang-format off */
static const mtp_measure_info measures[] = {
    {.measure = MTP_OE, .code = "OE", .input = MTP_INPUT_OE, .groups = 2,
     .lower = 0.0, .upper = (double)INFINITY,
     .name = "hazard ratio from observed minus expected events",
     .scale = "log hazard ratio", .natural = "hazard ratio", .inverse = "exponential",
     .yi = "(O - E) / V", .vi = "1 / V",
     .source = "Yusuf et al. (1985), doi:10.1016/s0033-0620(85)80003-7; "
               "Parmar, Torri & Stewart (1998), "
               "doi:10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8",
     .add = 0.0},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_OE, err);

    (void)options;
    return status
               ? status
               : mtp_check_positive(raw, i, MTP_ROLE_VAR,
                                    "is not above 0; without a variance of O - E there "
                                    "is no effect",
                                    err);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double v = w->raw->column[MTP_ROLE_VAR][i];

    *yi = w->raw->column[MTP_ROLE_OE][i] / v;
    *vi = 1.0 / v;
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)measure;
    (void)ft_n;
    (void)clipped;
    return exp(y);
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)measure;
    (void)ft_n;
    return log(natural);
}

const mtp_family mtp_family_oe = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_OE, MTP_ROLE_VAR},
    .n_roles = 2,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};
