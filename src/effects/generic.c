/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ready-made effects: yi with vi, or with what vi can be derived from (derive.c). */
#include "effects/check.h"
#include "effects/family.h"

#include <math.h>

/* clang-format off */
static const mtp_measure_info measures[] = {
    {.measure = MTP_GEN, .code = "GEN", .natural = "effect",
     .input = MTP_INPUT_GENERIC, .groups = 0,
     .lower = -(double)INFINITY, .upper = (double)INFINITY,
     .name = "ready-made effect", .scale = "as given", .inverse = "none",
     .yi = "yi", .vi = "vi, or sei^2, or ((upper - lower) / (2 z))^2",
     .source = "Viechtbauer (2010), doi:10.18637/jss.v036.i03", .add = 0.0},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_YI, err);

    (void)options;
    return status
               ? status
               : mtp_check_positive(raw, i, MTP_ROLE_VI,
                                    "is not above 0; a sampling variance is positive",
                                    err);
}

static void effect(const mtp_effects_work *work, size_t i, double *yi, double *vi)
{
    *yi = work->raw->column[MTP_ROLE_YI][i];
    *vi = work->raw->column[MTP_ROLE_VI][i];
}

const mtp_family mtp_family_generic = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_YI, MTP_ROLE_VI},
    .n_roles = 2,
    .check = check,
    .effect = effect,
};
