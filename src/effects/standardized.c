/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups: differences of means in units of a standard deviation. */
#include "effects/standardized.h"

#include "effects/check.h"
#include "effects/hedges.h"
#include "effects/means.h"

#include <math.h>

#define BONETT "Bonett (2009), doi:10.1037/a0016619"
#define HEDGES "Hedges (1981), doi:10.3102/10769986006002107"
#define STANDARDIZED(id)                                                               \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_MEANS, .groups = 2,           \
    .lower = -(double)INFINITY, .upper = (double)INFINITY,                             \
    .natural = "standardized mean difference",                                         \
    .scale = "standardized mean difference", .inverse = "none",                        \
    .bias_correction = true
#define VTYPES (1U << MTP_VTYPE_UB | 1U << MTP_VTYPE_AV | 1U << MTP_VTYPE_LS2)

/* clang-format off */
static const mtp_measure_info measures[] = {
    {STANDARDIZED(SMD), .vtypes = VTYPES,
     .name = "standardized mean difference (Hedges' g)",
     .yi = "J(m) d, d = (m1 - m2) / pooled s, m = n1 + n2 - 2",
     .vi = "1 / n1 + 1 / n2 + yi^2 / (2 (n1 + n2)) (AV: the average yi, weighted by "
           "n1 + n2; UB: 1 / n1 + 1 / n2 + (1 - (m - 2) / (m J^2)) yi^2; LS2: "
           "J^2 (1 / n1 + 1 / n2 + d^2 / (2 (n1 + n2))))",
     .source = HEDGES},
    {STANDARDIZED(SMDH),
     .name = "standardized mean difference, unequal variances",
     .yi = "J(n1 + n2 - 2) (m1 - m2) / s, s^2 = (s1^2 + s2^2) / 2",
     .vi = "yi^2 (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)) / (8 s^4) + "
           "(s1^2 / (n1 - 1) + s2^2 / (n2 - 1)) / s^2",
     .source = BONETT},
    {STANDARDIZED(SMD1H),
     .name = "mean difference in standard deviations of group 2, unequal variances",
     .yi = "J(n2 - 1) (m1 - m2) / s2",
     .vi = "s1^2 / (s2^2 (n1 - 1)) + 1 / (n2 - 1) + yi^2 / (2 (n2 - 1))",
     .source = BONETT},
};

static const mtp_measure_info by_sd2_measures[] = {
    {STANDARDIZED(SMD1), .vtypes = VTYPES,
     .name = "mean difference in standard deviations of group 2 (Glass' Delta)",
     .yi = "J(m) d, d = (m1 - m2) / s2, m = n2 - 1",
     .vi = "1 / n1 + 1 / n2 + yi^2 / (2 n2) (AV: the average yi, weighted by n1 + n2; "
           "UB: 1 / n1 + 1 / n2 + (1 - (m - 2) / (m J^2)) yi^2; LS2: "
           "J^2 (1 / n1 + 1 / n2 + d^2 / (2 n2)))",
     .source = HEDGES},
};
/* clang-format on */

double mtp_standardized_effect(const mtp_effects_options *options,
                               const mtp_standardized *s)
{
    return options->correct ? mtp_hedges_j(s->df) * s->d : s->d;
}

void mtp_standardized_both(const mtp_effects_options *options,
                           const mtp_standardized *s, double average, double *yi,
                           double *vi)
{
    double j = options->correct ? mtp_hedges_j(s->df) : 1.0;
    double g = j * s->d;

    *yi = g;
    switch (options->vtype) {
    case MTP_VTYPE_LS2:
        *vi = j * j * (s->zero + 0.5 * s->d * s->d / s->n);
        break;
    case MTP_VTYPE_UB:
        *vi = s->zero + mtp_hedges_excess(s->df) * g * g;
        break;
    case MTP_VTYPE_AV:
        *vi = s->zero + 0.5 * average * average / s->n;
        break;
    default: /* LS */
        *vi = s->zero + 0.5 * g * g / s->n;
        break;
    }
}

static mtp_status check_by_sd2(const mtp_effects_options *options, const mtp_raw *raw,
                               size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_MEAN1, err);

    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_MEAN2, err);
    }
    if (!status) {
        status = mtp_check_size(options, raw, i, MTP_ROLE_N1, err);
    }
    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD2, err);
    }
    return status ? status : mtp_check_j_size(options, raw, i, MTP_ROLE_N2, err);
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_two_groups(options, raw, i, err);

    if (!status && options->measure == MTP_SMD1H) {
        status = mtp_check_j_size(options, raw, i, MTP_ROLE_N2, err);
    }
    return status;
}

/* SMD and SMD1. */
static mtp_standardized standardize(const mtp_effects_work *w, size_t i)
{
    mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);
    mtp_standardized s = {.zero = 1.0 / g1.n + 1.0 / g2.n};

    if (w->options->measure == MTP_SMD) {
        s.d = (g1.mean - g2.mean) / mtp_pooled_sd(&g1, &g2);
        s.df = g1.n + g2.n - 2.0;
        s.n = g1.n + g2.n;
    } else {
        s.d = (g1.mean - g2.mean) / g2.sd;
        s.df = g2.n - 1.0;
        s.n = g2.n;
    }
    return s;
}

/* The average effect, weighted by n1 + n2. */
static void prepare(mtp_effects_work *w)
{
    mtp_dd sum = {0.0, 0.0}, weights = {0.0, 0.0};
    double *average;

    if (w->options->vtype != MTP_VTYPE_AV) {
        return;
    }
    average = MTP_ARENA_NEW(w->arena, double);
    w->shared = average;
    if (!average) {
        w->notes.failed = true;
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        if (!w->ready[i]) {
            mtp_standardized s = standardize(w, i);
            double g = mtp_standardized_effect(w->options, &s);
            double n = w->raw->column[MTP_ROLE_N1][i] + w->raw->column[MTP_ROLE_N2][i];

            sum = mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_from(g), n));
            weights = mtp_dd_add(weights, mtp_dd_from(n));
        }
    }
    *average = mtp_dd_to(mtp_dd_div(sum, weights));
}

static void effect_by_vtype(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    const double *average = w->shared;
    mtp_standardized s = standardize(w, i);

    mtp_standardized_both(w->options, &s, average ? *average : 0.0, yi, vi);
}

/* SMDH and SMD1H: a variance for each group. */
static void effect_of_unequal(const mtp_effects_work *w, size_t i, double *yi,
                              double *vi)
{
    mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);
    double df1 = g1.n - 1.0, df2 = g2.n - 1.0;
    bool mean_variance = w->options->measure == MTP_SMDH;
    double sd = mean_variance ? sqrt(0.5 * (g1.sd * g1.sd + g2.sd * g2.sd)) : g2.sd;
    mtp_standardized s = {.d = (g1.mean - g2.mean) / sd,
                          .df = mean_variance ? df1 + df2 : df2};
    double q1 = g1.sd / sd * (g1.sd / sd), q2 = g2.sd / sd * (g2.sd / sd);
    double g = mtp_standardized_effect(w->options, &s);

    *yi = g;
    *vi = q1 / df1 + q2 / df2 +
          (mean_variance ? 0.125 * g * g * (q1 * q1 / df1 + q2 * q2 / df2)
                         : 0.5 * g * g / df2);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    (w->options->measure == MTP_SMD ? effect_by_vtype : effect_of_unequal)(w, i, yi,
                                                                           vi);
}

const mtp_family mtp_family_standardized = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_MEAN2, MTP_ROLE_SD2,
             MTP_ROLE_N2},
    .n_roles = 6,
    .ready = true,
    .check = check,
    .prepare = prepare,
    .effect = effect,
};

const mtp_family mtp_family_standardized_by_sd2 = {
    .measure = by_sd2_measures,
    .n_measures = sizeof by_sd2_measures / sizeof by_sd2_measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_N1, MTP_ROLE_MEAN2, MTP_ROLE_SD2, MTP_ROLE_N2},
    .n_roles = 5,
    .ready = true,
    .check = check_by_sd2,
    .prepare = prepare,
    .effect = effect_by_vtype,
};
