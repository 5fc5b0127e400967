/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group, a proportion: x events and m patients without one, n = x + m. */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"
#include "num/dist.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define PROPORTION(id)                                                                 \
    .measure = MTP_##id, .code = #id, .natural = "proportion",                         \
    .input = MTP_INPUT_EVENTS_N, .groups = 1, .lower = 0.0, .upper = 1.0

/* The variance at the average proportion; PAS and PFT have no proportion in vi, and PRZ
 * stays with LS and says so. */
enum { AVERAGE = 1 << MTP_VTYPE_AV };

/* clang-format off */
static const mtp_measure_info measures[] = {
    {PROPORTION(PR), .vtypes = AVERAGE | 1U << MTP_VTYPE_UB,
     .name = "raw proportion", .scale = "proportion", .inverse = "none",
     .yi = "x / n", .vi = "p (1 - p) / n (UB: / (n - 1); AV: p = sum x / sum n)",
     .source = DEFINITIONS, .add = 0.5},
    {PROPORTION(PLN), .vtypes = AVERAGE,
     .name = "log-transformed proportion", .scale = "log proportion",
     .inverse = "exponential",
     .yi = "log(x / n)", .vi = "1 / x - 1 / n",
     .source = DEFINITIONS, .add = 0.5},
    {PROPORTION(PLO), .vtypes = AVERAGE, .glmm = true,
     .name = "logit-transformed proportion", .scale = "logit",
     .inverse = "inverse logit",
     .yi = "log(x / (n - x))", .vi = "1 / x + 1 / (n - x)",
     .source = DEFINITIONS, .add = 0.5},
    {PROPORTION(PRZ), .vtypes = AVERAGE,
     .name = "probit-transformed proportion", .scale = "probit",
     .inverse = "normal distribution function",
     .yi = "z with Phi(z) = x / n", .vi = "2 pi p (1 - p) exp(z^2) / n",
     .source = DEFINITIONS, .add = 0.5},
    {PROPORTION(PAS), .vtypes = AVERAGE,
     .name = "arcsine square root transformed proportion",
     .scale = "arcsine square root", .inverse = "squared sine",
     .yi = "asin(sqrt(x / n))", .vi = "1 / (4 n)",
     .source = "Anscombe (1948), doi:10.1093/biomet/35.3-4.246", .add = 0.0},
    {PROPORTION(PFT), .vtypes = AVERAGE,
     .name = "Freeman-Tukey double arcsine transformed proportion",
     .scale = "double arcsine", .inverse = "inverse double arcsine (Miller)",
     .yi = "(asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2",
     .vi = "1 / (4 n + 2)",
     .source = "Freeman & Tukey (1950), doi:10.1214/aoms/1177729756", .add = 0.0},
};
/* clang-format on */

static const double TWO_PI = 6.28318530717958647692;

static const double HALF_PI = 1.57079632679489661923;

static void effect_of_cells(mtp_measure measure, double x, double m, double *yi,
                            double *vi)
{
    double n = x + m;

    switch (measure) {
    case MTP_PLN:
        *yi = x > m ? log1p(-m / n) : log(x / n);
        *vi = m / x / n;
        break;
    case MTP_PLO:
        *yi = mtp_log_ratio(x, m);
        *vi = n / x / m;
        break;
    case MTP_PRZ:
        *yi = x > 0.0 && m > 0.0 ? mtp_probit(x, m) : (x - m) * (double)INFINITY;
        *vi = TWO_PI * (x / n) * (m / n) * exp(*yi * *yi) / n;
        break;
    case MTP_PAS:
        *yi = atan2(sqrt(x), sqrt(m));
        *vi = 0.25 / n;
        break;
    case MTP_PFT:
        *yi = 0.5 * (atan2(sqrt(x), sqrt(m + 1.0)) + atan2(sqrt(x + 1.0), sqrt(m)));
        *vi = 1.0 / (4.0 * n + 2.0);
        break;
    default: /* PR */
        *yi = x / n;
        *vi = x / n * (m / n) / n;
        break;
    }
}

/* Variance of PR, PLN or PLO at the average proportion sum x / (sum x + sum m). */
static double variance_average(mtp_measure measure, double sum_x, double sum_m,
                               double n)
{
    double sum_n = sum_x + sum_m;

    switch (measure) {
    case MTP_PLN:
        return sum_m / sum_x / n;
    case MTP_PLO:
        return sum_n / sum_x * (sum_n / sum_m) / n;
    default: /* PR */
        return sum_x / sum_n * (sum_m / sum_n) / n;
    }
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    return mtp_check_events_of(options, raw, i, MTP_ROLE_EVENTS, MTP_ROLE_N, err);
}

static bool has_empty_cell(const mtp_raw *raw, size_t i)
{
    double x = raw->column[MTP_ROLE_EVENTS][i];

    return x == 0.0 || x == raw->column[MTP_ROLE_N][i];
}

/* The cells of study i with `add` in them. */
static void cells(const mtp_effects_work *w, size_t i, double *x, double *m)
{
    double add = w->corrected[i] ? w->add : 0.0;

    *x = w->raw->column[MTP_ROLE_EVENTS][i] + add;
    *m = w->raw->column[MTP_ROLE_N][i] - w->raw->column[MTP_ROLE_EVENTS][i] + add;
}

/* Sums over all studies, for variances at the average proportion. */
typedef struct totals {
    double x, m;
} totals;

static void prepare(mtp_effects_work *w)
{
    mtp_measure measure = w->options->measure;
    totals *sum;

    if (w->options->vtype != MTP_VTYPE_AV) {
        return;
    }
    if (measure == MTP_PRZ) {
        mtp_note_add(
            &w->notes, MTP_NOTE_NOT_DEFINED, 0,
            "variance type AV is not defined for measure PRZ; the large-sample "
            "variance was used");
    }
    if (measure != MTP_PR && measure != MTP_PLN && measure != MTP_PLO) {
        return;
    }
    sum = mtp_arena_zalloc(w->arena, 1, sizeof *sum);
    w->shared = sum;
    if (!sum) {
        w->notes.failed = true;
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        double x, m;

        cells(w, i, &x, &m);
        sum->x += x;
        sum->m += m;
    }
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    const totals *sum = w->shared;
    double x, m;

    cells(w, i, &x, &m);
    effect_of_cells(w->options->measure, x, m, yi, vi);
    if (w->options->vtype == MTP_VTYPE_UB) {
        *vi = x / (x + m) * (m / (x + m)) / (x + m - 1.0);
    } else if (sum) {
        *vi = variance_average(w->options->measure, sum->x, sum->m, x + m);
    }
}

static double inverse_logit(double y)
{
    double e = exp(-fabs(y));

    return y < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}

static double double_arcsine(double x, double m)
{
    return 0.5 * (atan2(sqrt(x), sqrt(m + 1.0)) + atan2(sqrt(x + 1.0), sqrt(m)));
}

/*
 * Miller (1978), doi:10.1080/00031305.1978.10479283, with t = 2 y:
 *   p = (1 - sgn(cos t) sqrt(1 - s^2)) / 2,   s = sin t + (sin t - 1 / sin t) / n.
 * sqrt(1 - s^2) is formed from 1 - s = cos^2 t (1 / (1 + sin t) + 1 / (n sin t)), which
 * cancels nothing where s is near 1, and 1 - |cos t ...| as s^2 / (1 + ...).
 */
static double inverse_double_arcsine(double y, double n, bool *clipped)
{
    double lowest = double_arcsine(0.0, n), highest = double_arcsine(n, 0.0);
    double t, s, c;

    if (y <= lowest || y >= highest) {
        return mtp_clip(y, lowest, highest, clipped) == lowest ? 0.0 : 1.0;
    }
    t = 2.0 * y;
    s = sin(t) - cos(t) * cos(t) / (n * sin(t));
    c = cos(t) * sqrt((1.0 + s) * (1.0 / (1.0 + sin(t)) + 1.0 / (n * sin(t))));
    return c > 0.0 ? 0.5 * s * s / (1.0 + c) : 0.5 * (1.0 - c);
}

static double back(mtp_measure measure, double y, double n, bool *clipped)
{
    double root;

    switch (measure) {
    case MTP_PLN:
        return mtp_clip(exp(y), 0.0, 1.0, clipped);
    case MTP_PLO:
        return inverse_logit(y);
    case MTP_PRZ:
        return mtp_normal_upper(-y).p;
    case MTP_PAS:
        root = sin(mtp_clip(y, 0.0, HALF_PI, clipped));
        return root * root;
    case MTP_PFT:
        return inverse_double_arcsine(y, n, clipped);
    default: /* PR */
        return mtp_clip(y, 0.0, 1.0, clipped);
    }
}

static double forward(mtp_measure measure, double p, double n)
{
    switch (measure) {
    case MTP_PLN:
        return log(p);
    case MTP_PLO:
        return p < 1.0 ? mtp_log_ratio(p, 1.0 - p) : (double)INFINITY;
    case MTP_PRZ:
        if (p > 0.0 && p < 1.0) {
            return mtp_probit(p, 1.0 - p);
        }
        return p > 0.0 ? (double)INFINITY : -(double)INFINITY;
    case MTP_PAS:
        return atan2(sqrt(p), sqrt(1.0 - p));
    case MTP_PFT:
        return double_arcsine(p * n, n * (1.0 - p));
    default: /* PR */
        return p;
    }
}

const mtp_family mtp_family_proportion = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_EVENTS, MTP_ROLE_N},
    .n_roles = 2,
    .check = check,
    .has_empty_cell = has_empty_cell,
    .cells = "events and non-events",
    .empty = "no events or nothing but events",
    .prepare = prepare,
    .effect = effect,
    .back = back,
    .forward = forward,
};
