/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups: a standardized mean difference d turned into a correlation with being in
 * group 1, or into a log odds ratio. */
#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"
#include "effects/means.h"

#include <math.h>

#define INFINITE (double)INFINITY
#define MEANS(id)                                                                      \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_MEANS, .groups = 2
#define CORRELATION .natural = "correlation", .lower = -1.0, .upper = 1.0
#define ODDS_RATIO                                                                     \
    .natural = "odds ratio", .scale = "log odds ratio", .inverse = "exponential",      \
    .lower = 0.0, .upper = INFINITE, .ratio = true
#define SOPER                                                                          \
    "Soper (1914), doi:10.1093/biomet/10.2-3.384; Jacobs & Viechtbauer (2017), "       \
    "doi:10.1002/jrsm.1218"
#define LOGISTIC                                                                       \
    "Chinn (2000), doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M"
#define VTYPES (1U << MTP_VTYPE_ST | 1U << MTP_VTYPE_CS)

/* clang-format off */
static const mtp_measure_info measures[] = {
    {MEANS(RPB), CORRELATION, .vtypes = VTYPES,
     .name = "point-biserial correlation", .scale = "correlation", .inverse = "none",
     .yi = "r = d / sqrt(d^2 + h), h = (n1 + n2 - 2) (1 / n1 + 1 / n2)",
     .vi = "h^2 v / (d^2 + h)^3, v = 1 / n1 + 1 / n2 + d^2 / (2 N), N = n1 + n2 (ST: "
           "the same; CS: (1 - r^2)^2 (1 - 1.5 r^2 + r^2 / (4 p q)) / N, p = n1 / N)",
     .source = "Tate (1954), doi:10.1214/aoms/1177728730; Jacobs & Viechtbauer "
               "(2017), doi:10.1002/jrsm.1218"},
    {MEANS(ZPB), CORRELATION, .vtypes = VTYPES,
     .name = "z-transformed point-biserial correlation", .scale = "Fisher's z",
     .inverse = "hyperbolic tangent",
     .yi = "atanh(r), r as RPB", .vi = "vi of RPB / (1 - r^2)^2",
     .source = "Jacobs & Viechtbauer (2017), doi:10.1002/jrsm.1218"},
    {MEANS(RBIS), CORRELATION,
     .name = "biserial correlation", .scale = "correlation", .inverse = "none",
     .yi = "b = r sqrt(p q) / f, r as RPB, f = phi(z), Phi(z) = q = n2 / N",
     .vi = "(p q / f^2 - (1.5 + (1 - p z / f) (1 + q z / f)) b^2 + b^4) / (N - 1), "
           "b^2 at most 1",
     .source = SOPER},
    {MEANS(ZBIS), CORRELATION,
     .name = "z-transformed biserial correlation", .scale = "Fisher's z",
     .inverse = "hyperbolic tangent",
     .yi = "atanh(b), b as RBIS", .vi = "vi of RBIS / (1 - b^2)^2",
     .source = SOPER},
    {MEANS(D2OR), ODDS_RATIO,
     .name = "log odds ratio from a standardized mean difference, logistic",
     .yi = "d pi / sqrt(3), d uncorrected", .vi = "(pi^2 / 3) (1 / n1 + 1 / n2 + d^2 / (2 N))",
     .source = LOGISTIC},
    {MEANS(D2ORN), ODDS_RATIO,
     .name = "log odds ratio from a standardized mean difference, normal",
     .yi = "1.65 d, d uncorrected", .vi = "1.65^2 (1 / n1 + 1 / n2 + d^2 / (2 N))",
     .source = "Cox & Snell (1989), Analysis of binary data, 2nd ed.; Sanchez-Meca et "
               "al. (2003), doi:10.1037/1082-989X.8.4.448"},
    {MEANS(D2ORL), ODDS_RATIO,
     .name = "log odds ratio from a standardized mean difference, logistic",
     .yi = "d pi / sqrt(3), d uncorrected", .vi = "(pi^2 / 3) (1 / n1 + 1 / n2 + d^2 / (2 N))",
     .source = LOGISTIC},
};
/* clang-format on */

static const double PI_BY_ROOT_3 = 1.81379936423421785059;
static const double COX_SNELL = 1.65;
static const double INV_SQRT_2PI = 0.398942280401432677940;

/* What all of them are made of. */
typedef struct source {
    double n1, n2, n;
    double d, h;     /* d, and d^2 + h over which r is taken */
    double variance; /* of d */
} source;

static source source_of(const mtp_raw *raw, size_t i)
{
    mtp_group g1 = mtp_group_1(raw, i), g2 = mtp_group_2(raw, i);
    source s = {.n1 = g1.n, .n2 = g2.n, .n = g1.n + g2.n};

    s.d = (g1.mean - g2.mean) / mtp_pooled_sd(&g1, &g2);
    s.h = (s.n - 2.0) / s.n1 * (s.n / s.n2);
    s.variance = 1.0 / s.n1 + 1.0 / s.n2 + 0.5 * s.d * s.d / s.n;
    return s;
}

static double point_biserial(const source *s)
{
    return s->d / sqrt(s->d * s->d + s->h);
}

/* Variance of atanh(r); that of r has the factor (1 - r^2)^2, 1 - r^2 = h / (d^2 + h).
 */
static double point_biserial_variance(const source *s, bool cross_sectional)
{
    double r = point_biserial(s);

    return cross_sectional
               ? (1.0 + r * r * (0.25 * (s->n / s->n1) * (s->n / s->n2) - 1.5)) / s->n
               : s->variance / (s->d * s->d + s->h);
}

/* The estimate can lie beyond -1 and 1, the correlation cannot: the variance is that of
 * the nearest one that exists. */
static double biserial(const source *s, double *variance)
{
    double p = s->n1 / s->n, q = s->n2 / s->n;
    double z = mtp_probit(s->n2, s->n1);
    double f = INV_SQRT_2PI * exp(-0.5 * z * z);
    double b = point_biserial(s) * sqrt(p * q) / f;
    double slope = 1.5 + (1.0 - p * z / f) * (1.0 + q * z / f);
    double r2 = fmin(b * b, 1.0);

    *variance = (p / f * (q / f) - r2 * (slope - r2)) / (s->n - 1.0);
    return b;
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_two_groups(options, raw, i, err);
    char text[MTP_NUMBER_TEXT];
    double b, unused;
    source s;

    if (status || options->measure != MTP_ZBIS) {
        return status;
    }
    s = source_of(raw, i);
    b = biserial(&s, &unused);
    if (fabs(b) < 1.0) {
        return MTP_OK;
    }
    mtp_number_significant(b, 6, text, sizeof text);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_MEAN1),
                       "the biserial correlation of the study is %s; Fisher's z exists "
                       "between -1 and 1",
                       text);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    source s = source_of(w->raw, i);
    bool cross_sectional = w->options->vtype == MTP_VTYPE_CS;
    double rest = s.h / (s.d * s.d + s.h), scale = PI_BY_ROOT_3;

    switch (w->options->measure) {
    case MTP_RPB:
        *yi = point_biserial(&s);
        *vi = rest * rest * point_biserial_variance(&s, cross_sectional);
        return;
    case MTP_ZPB:
        *yi = asinh(s.d / sqrt(s.h)); /* atanh(r) */
        *vi = point_biserial_variance(&s, cross_sectional);
        return;
    case MTP_RBIS:
        *yi = biserial(&s, vi);
        return;
    case MTP_ZBIS:
        *yi = biserial(&s, vi);
        rest = (1.0 - *yi) * (1.0 + *yi);
        *yi = atanh(*yi);
        *vi /= rest * rest;
        return;
    case MTP_D2ORN:
        scale = COX_SNELL;
        break;
    default: /* D2OR, D2ORL */
        break;
    }
    *yi = scale * s.d;
    *vi = scale * scale * s.variance;
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    switch (measure) {
    case MTP_RPB:
    case MTP_RBIS:
        return mtp_clip(y, -1.0, 1.0, clipped);
    case MTP_ZPB:
    case MTP_ZBIS:
        return tanh(y);
    default:
        return exp(y);
    }
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    switch (measure) {
    case MTP_RPB:
    case MTP_RBIS:
        return natural;
    case MTP_ZPB:
    case MTP_ZBIS:
        return atanh(natural);
    default:
        return log(natural);
    }
}

const mtp_family mtp_family_converted = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_MEAN2, MTP_ROLE_SD2,
             MTP_ROLE_N2},
    .n_roles = 6,
    .ready = true,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};
