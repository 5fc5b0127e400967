/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cronbach's alpha a of an instrument with m items in a sample of n. */
#include "effects/check.h"
#include "effects/correlation.h"
#include "effects/family.h"

#include <math.h>

#define RELIABILITY(id)                                                                \
    .measure = MTP_##id, .code = #id, .natural = "alpha", .input = MTP_INPUT_ALPHA,    \
    .groups = 1, .lower = -(double)INFINITY, .upper = 1.0

/* clang-format off */
static const mtp_measure_info measures[] = {
    {RELIABILITY(ARAW),
     .name = "Cronbach's alpha", .scale = "alpha", .inverse = "none",
     .yi = "a", .vi = "2 m (1 - a)^2 / ((m - 1) (n - 2))",
     .source = "Bonett (2010), doi:10.1037/a0020142"},
    {RELIABILITY(AHW),
     .name = "cube root transformed alpha", .scale = "cube root of 1 - alpha",
     .inverse = "inverse of 1 - (1 - a)^(1/3)",
     .yi = "1 - (1 - a)^(1/3)",
     .vi = "18 m (n - 1) (1 - a)^(2/3) / ((m - 1) (9 n - 11)^2)",
     .source = "Hakstian & Whalen (1976), doi:10.1007/BF02291840"},
    {RELIABILITY(ABT),
     .name = "log-transformed alpha", .scale = "log of 1 - alpha",
     .inverse = "inverse of -log(1 - a)",
     .yi = "-log(1 - a)", .vi = "2 m / ((m - 1) (n - 2))",
     .source = "Bonett (2002), doi:10.3102/10769986027004335"},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    double m = raw->column[MTP_ROLE_ITEMS][i];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_ALPHA, err);

    if (!status && !(raw->column[MTP_ROLE_ALPHA][i] < 1.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_ALPHA,
                                "is not below 1; an alpha is, or has no variance", err);
    }
    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_ITEMS, err);
    }
    if (!status && (m < 2.0 || floor(m) != m)) {
        status =
            mtp_impossible(raw, i, MTP_ROLE_ITEMS,
                           "is not a number of items; alpha needs two or more", err);
    }
    return status ? status : mtp_check_residual_size(options, raw, i, 3.0, err);
}

/* 1 - c = (1 - c^3) / (1 + c + c^2): all digits also near a = 0. */
static double cube_root(double a)
{
    double c = cbrt(1.0 - a);

    return a / (1.0 + c + c * c);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double a = w->raw->column[MTP_ROLE_ALPHA][i];
    double m = w->raw->column[MTP_ROLE_ITEMS][i];
    double n = w->raw->column[MTP_ROLE_N][i];
    double c = cbrt(1.0 - a), items = m / (m - 1.0), width = 9.0 * n - 11.0;

    switch (w->options->measure) {
    case MTP_AHW:
        *yi = cube_root(a);
        *vi = 18.0 * items * ((n - 1.0) / width) * (c * c / width);
        break;
    case MTP_ABT:
        *yi = -log1p(-a);
        *vi = 2.0 * items / (n - 2.0);
        break;
    default: /* ARAW */
        *yi = a;
        *vi = 2.0 * items * ((1.0 - a) * (1.0 - a)) / (n - 2.0);
        break;
    }
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    switch (measure) {
    case MTP_AHW: /* 1 - (1 - y)^3; past y = 1 a root below 0 would give alpha > 1 */
        y = mtp_clip(y, -(double)INFINITY, 1.0, clipped);
        return isinf(y) ? y : y * (3.0 + y * (y - 3.0));
    case MTP_ABT:
        return -expm1(-y);
    default: /* ARAW */
        return mtp_clip(y, -(double)INFINITY, 1.0, clipped);
    }
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    switch (measure) {
    case MTP_AHW:
        return isinf(natural) ? natural : cube_root(natural);
    case MTP_ABT:
        return -log1p(-natural);
    default: /* ARAW */
        return natural;
    }
}

const mtp_family mtp_family_reliability = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_ALPHA, MTP_ROLE_ITEMS, MTP_ROLE_N},
    .n_roles = 3,
    .ready = true,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};
