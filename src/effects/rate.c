/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group, a rate: x events in person-time t. */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define RATE(id)                                                                       \
    .measure = MTP_##id, .code = #id, .natural = "rate",                               \
    .input = MTP_INPUT_EVENTS_TIME, .groups = 1, .lower = 0.0,                         \
    .upper = (double)INFINITY

/* clang-format off */
static const mtp_measure_info measures[] = {
    {RATE(IR),
     .name = "raw incidence rate", .scale = "rate", .inverse = "none",
     .yi = "x / t", .vi = "x / t^2",
     .source = DEFINITIONS, .add = 0.5},
    {RATE(IRLN), .glmm = true,
     .name = "log-transformed incidence rate", .scale = "log rate",
     .inverse = "exponential",
     .yi = "log(x / t)", .vi = "1 / x",
     .source = DEFINITIONS, .add = 0.5},
    {RATE(IRS),
     .name = "square root transformed incidence rate",
     .scale = "square root of the rate", .inverse = "square",
     .yi = "sqrt(x / t)", .vi = "1 / (4 t)",
     .source = "Anscombe (1948), doi:10.1093/biomet/35.3-4.246", .add = 0.0},
    {RATE(IRFT),
     .name = "Freeman-Tukey transformed incidence rate",
     .scale = "double square root of the rate",
     .inverse = "inverse double square root",
     .yi = "(sqrt(x / t) + sqrt((x + 1) / t)) / 2", .vi = "1 / (4 t)",
     .source = "Freeman & Tukey (1950), doi:10.1214/aoms/1177729756", .add = 0.0},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_count(options, raw, i, MTP_ROLE_EVENTS, err);

    return status ? status
                  : mtp_check_positive(
                        raw, i, MTP_ROLE_TIME,
                        "is not above 0; without time at risk there is no rate", err);
}

static bool has_empty_cell(const mtp_raw *raw, size_t i)
{
    return raw->column[MTP_ROLE_EVENTS][i] == 0.0;
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    double x = w->raw->column[MTP_ROLE_EVENTS][i] + (w->corrected[i] ? w->add : 0.0);
    double t = w->raw->column[MTP_ROLE_TIME][i];

    switch (w->options->measure) {
    case MTP_IRLN:
        *yi = mtp_log_ratio(x, t);
        *vi = 1.0 / x;
        break;
    case MTP_IRS:
        *yi = sqrt(x / t);
        *vi = 0.25 / t;
        break;
    case MTP_IRFT:
        *yi = 0.5 * (sqrt(x / t) + sqrt((x + 1.0) / t));
        *vi = 0.25 / t;
        break;
    default: /* IR */
        *yi = x / t;
        *vi = x / t / t;
        break;
    }
}

/* 2 y = a + sqrt(a^2 + 1 / t) gives a = y - 1 / (4 t y), the rate's square root. */
static double inverse_double_root(double y, double t, bool *clipped)
{
    double lowest = 0.5 / sqrt(t);
    double a;

    if (y <= lowest) {
        (void)mtp_clip(y, lowest, (double)INFINITY, clipped);
        return 0.0;
    }
    a = (y - lowest) * (1.0 + lowest / y);
    return a * a;
}

static double back(mtp_measure measure, double y, double t, bool *clipped)
{
    double root;

    switch (measure) {
    case MTP_IRLN:
        return exp(y);
    case MTP_IRS:
        root = mtp_clip(y, 0.0, (double)INFINITY, clipped);
        return root * root;
    case MTP_IRFT:
        return inverse_double_root(y, t, clipped);
    default: /* IR */
        return mtp_clip(y, 0.0, (double)INFINITY, clipped);
    }
}

static double forward(mtp_measure measure, double rate, double t)
{
    switch (measure) {
    case MTP_IRLN:
        return log(rate);
    case MTP_IRS:
        return sqrt(rate);
    case MTP_IRFT:
        return 0.5 * (sqrt(rate) + sqrt(rate + 1.0 / t));
    default: /* IR */
        return rate;
    }
}

const mtp_family mtp_family_rate = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_EVENTS, MTP_ROLE_TIME},
    .n_roles = 2,
    .check = check,
    .has_empty_cell = has_empty_cell,
    .cells = "events",
    .empty = "no events",
    .effect = effect,
    .back = back,
    .forward = forward,
};
