/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same n people at time 1 and at time 2 (or n matched pairs): means m, standard
 * deviations s, and the correlation r of the two measurements. */
#include "effects/change.h"

#include "effects/check.h"
#include "effects/correlation.h"
#include "effects/kernel.h"
#include "effects/means.h"
#include "effects/standardized.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define BECKER      "Becker (1988), doi:10.1111/j.2044-8317.1988.tb00901.x"
#define BONETT      "Bonett (2008), doi:10.1037/1082-989X.13.2.99"
#define NAKAGAWA    "Nakagawa et al. (2015), doi:10.1111/2041-210X.12309"
#define CHANGE(id)                                                                     \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_CHANGE, .groups = 2
#define ANY .lower = -(double)INFINITY, .upper = (double)INFINITY, .inverse = "none"
#define STANDARDIZED                                                                   \
    ANY, .natural = "standardized mean change", .scale = "standardized mean change",   \
         .bias_correction = true
#define RATIO  .lower = 0.0, .upper = (double)INFINITY, .inverse = "exponential"
#define VTYPES (1U << MTP_VTYPE_UB | 1U << MTP_VTYPE_LS2)

/* clang-format off */
static const mtp_measure_info measures[] = {
    {CHANGE(SMCRH), STANDARDIZED,
     .name = "mean change in standard deviations at time 1, unequal variances",
     .yi = "J(n - 1) (m1 - m2) / s1",
     .vi = "(s1^2 + s2^2 - 2 r s1 s2) / (s1^2 (n - 1)) + yi^2 / (2 (n - 1))",
     .source = BONETT},
    {CHANGE(SMCRP), STANDARDIZED,
     .name = "mean change in average standard deviations",
     .yi = "J(2 (n - 1) / (1 + r^2)) (m1 - m2) / s, s^2 = (s1^2 + s2^2) / 2",
     .vi = "2 (1 - r) / n + yi^2 (1 + r^2) / (4 n)",
     .source = "Cousineau (2020), doi:10.20982/tqmp.16.4.p418"},
    {CHANGE(SMCRPH), STANDARDIZED,
     .name = "mean change in average standard deviations, unequal variances",
     .yi = "J(2 (n - 1) / (1 + r^2)) (m1 - m2) / s, s^2 = (s1^2 + s2^2) / 2",
     .vi = "(s1^2 + s2^2 - 2 r s1 s2) / (s^2 (n - 1)) + "
           "yi^2 (s1^4 + s2^4 + 2 r^2 s1^2 s2^2) / (8 s^4 (n - 1))",
     .source = BONETT},
    {CHANGE(ROMC), RATIO, .bias_correction = true, .natural = "mean ratio",
     .name = "log ratio of means, the same people twice",
     .scale = "log mean ratio",
     .yi = "log(m1 / m2) + (c1^2 - c2^2) / (2 n), c = s / m",
     .vi = "(c1^2 + c2^2 - 2 r c1 c2) / n",
     .source = "Lajeunesse (2011), doi:10.1890/11-0423.1; the correction Lajeunesse "
               "(2015), doi:10.1890/14-2402.1"},
    {CHANGE(CVRC), RATIO, .bias_correction = true,
     .natural = "coefficient of variation ratio",
     .name = "log ratio of coefficients of variation, the same people twice",
     .scale = "log coefficient of variation ratio",
     .yi = "log(c1 / c2) - (c1^2 - c2^2) / (2 n), c = s / m",
     .vi = "(1 - r^2) / (n - 1) + (c1^2 + c2^2 - 2 r c1 c2) / n",
     .source = NAKAGAWA},
};

static const mtp_measure_info difference_measures[] = {
    {CHANGE(MC), ANY, .natural = "mean change",
     .name = "mean change", .scale = "mean change",
     .yi = "m1 - m2", .vi = "s^2 / n, s^2 = s1^2 + s2^2 - 2 r s1 s2, or that of the "
     "changes as given", .source = DEFINITIONS},
    {CHANGE(SMCC), STANDARDIZED, .vtypes = VTYPES,
     .name = "mean change in standard deviations of the changes",
     .yi = "J(m) d, d = (m1 - m2) / s, s^2 = s1^2 + s2^2 - 2 r s1 s2, or that of the "
           "changes as given; m = n - 1",
     .vi = "1 / n + yi^2 / (2 n) (UB: 1 / n + (1 - (m - 2) / (m J^2)) yi^2; LS2: "
           "J^2 (1 / n + d^2 / (2 n)))",
     .source = "Gibbons, Hedeker & Davis (1993), doi:10.3102/10769986018003271"},
};

static const mtp_measure_info by_first_measures[] = {
    {CHANGE(SMCR), STANDARDIZED, .vtypes = VTYPES,
     .name = "mean change in standard deviations at time 1",
     .yi = "J(m) d, d = (m1 - m2) / s1, m = n - 1",
     .vi = "2 (1 - r) / n + yi^2 / (2 n) (UB: 2 (1 - u) / n + (1 - (m - 2) / (m J^2)) "
           "yi^2, u the unbiased r; LS2: J^2 (2 (1 - r) / n + d^2 / (2 n)))",
     .source = BECKER},
};

static const mtp_measure_info spread_measures[] = {
    {CHANGE(VRC), RATIO, .natural = "standard deviation ratio",
     .name = "log ratio of standard deviations, the same people twice",
     .scale = "log standard deviation ratio",
     .yi = "log(s1 / s2)", .vi = "(1 - r^2) / (n - 1)", .source = NAKAGAWA},
};
/* clang-format on */

/* The figures of one study. */
typedef struct change {
    double mean1, mean2, sd1, sd2, r, n;
} change;

static change change_of(const mtp_raw *raw, size_t i)
{
    mtp_group g1 = mtp_group_1(raw, i), g2 = mtp_group_2(raw, i);

    return (change){g1.mean,
                    g2.mean,
                    g1.sd,
                    g2.sd,
                    raw->column[MTP_ROLE_R][i],
                    raw->column[MTP_ROLE_N][i]};
}

double mtp_change_variance(double sd1, double sd2, double r)
{
    return (sd1 - sd2) * (sd1 - sd2) + 2.0 * (1.0 - r) * sd1 * sd2;
}

static mtp_status check_r(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double r = raw->column[MTP_ROLE_R][i];

    if (!(r >= -1.0 && r <= 1.0)) {
        return mtp_impossible(raw, i, MTP_ROLE_R,
                              "is not a correlation, which lies between -1 and 1", err);
    }
    if (r == -1.0 || r == 1.0) {
        return mtp_impossible(raw, i, MTP_ROLE_R,
                              "is a perfect correlation; that of two measurements "
                              "lies between -1 and 1",
                              err);
    }
    return MTP_OK;
}

mtp_status mtp_check_change_sds(const mtp_raw *raw, size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_sd(raw, i, MTP_ROLE_SD1, err);

    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD2, err);
    }
    return status ? status : check_r(raw, i, err);
}

static mtp_status check_means(const mtp_effects_options *options, const mtp_raw *raw,
                              size_t i, mtp_error *err)
{
    mtp_status status;

    if (options->measure == MTP_ROMC || options->measure == MTP_CVRC) {
        return mtp_check_mean_ratio(raw, i, err);
    }
    status = mtp_check_finite(raw, i, MTP_ROLE_MEAN1, err);
    return status ? status : mtp_check_finite(raw, i, MTP_ROLE_MEAN2, err);
}

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status = check_means(options, raw, i, err);

    if (!status) {
        status = mtp_check_change_sds(raw, i, err);
    }
    if (!status) {
        status = (options->measure == MTP_SMCRH ? mtp_check_j_size : mtp_check_sd_size)(
            options, raw, i, MTP_ROLE_N, err);
    }
    return status;
}

static mtp_status check_difference(const mtp_effects_options *options,
                                   const mtp_raw *raw, size_t i, mtp_error *err)
{
    mtp_status status = check_means(options, raw, i, err);

    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD_CHANGE, err);
    }
    if (!status) {
        status = (options->measure == MTP_SMCC ? mtp_check_j_size : mtp_check_sd_size)(
            options, raw, i, MTP_ROLE_N, err);
    }
    return status;
}

static mtp_status check_by_first(const mtp_effects_options *options, const mtp_raw *raw,
                                 size_t i, mtp_error *err)
{
    mtp_status status = check_means(options, raw, i, err);

    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD1, err);
    }
    if (!status) {
        status = check_r(raw, i, err);
    }
    if (!status) {
        status = mtp_check_j_size(options, raw, i, MTP_ROLE_N, err);
    }
    if (!status && options->vtype == MTP_VTYPE_UB && raw->column[MTP_ROLE_N][i] < 4.0) {
        status = mtp_impossible(raw, i, MTP_ROLE_N,
                                "is below 4; vtype UB takes an unbiased correlation, "
                                "which 4 patients or more have",
                                err);
    }
    return status;
}

static mtp_status check_spread(const mtp_effects_options *options, const mtp_raw *raw,
                               size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_change_sds(raw, i, err);

    return status ? status : mtp_check_sd_size(options, raw, i, MTP_ROLE_N, err);
}

/* SMCRH, SMCRP and SMCRPH. */
static void standardized_change(const mtp_effects_work *w, const change *c, double *yi,
                                double *vi)
{
    bool first = w->options->measure == MTP_SMCRH;
    double sd = first ? c->sd1 : sqrt(0.5 * (c->sd1 * c->sd1 + c->sd2 * c->sd2));
    double df = c->n - 1.0, r2 = c->r * c->r;
    double a = c->sd1 / sd, b = c->sd2 / sd;
    mtp_standardized s = {.d = (c->mean1 - c->mean2) / sd,
                          .df = first ? df : 2.0 * df / (1.0 + r2)};
    double g = mtp_standardized_effect(w->options, &s), kurtosis;

    *yi = g;
    if (w->options->measure == MTP_SMCRP) {
        *vi = (2.0 * (1.0 - c->r) + 0.25 * g * g * (1.0 + r2)) / c->n;
        return;
    }
    a *= a;
    b *= b;
    kurtosis = first ? 0.5 : 0.125 * (a * a + b * b + 2.0 * r2 * a * b);
    *vi = (mtp_change_variance(c->sd1 / sd, c->sd2 / sd, c->r) + g * g * kurtosis) / df;
}

/* c1^2 + c2^2 - 2 r c1 c2 over n. */
static double ratio_variance(const change *c)
{
    double c1 = c->sd1 / c->mean1, c2 = c->sd2 / c->mean2;
    double apart = mtp_difference_of_products(c->sd1, c->mean2, c->sd2, c->mean1) /
                   c->mean1 / c->mean2;

    return (apart * apart + 2.0 * (1.0 - c->r) * c1 * c2) / c->n;
}

/* log(m1 / m2) and its correction. */
static mtp_dd log_mean_ratio(const change *c, bool correct)
{
    mtp_group g1 = {c->mean1, c->sd1, c->n}, g2 = {c->mean2, c->sd2, c->n};
    mtp_dd y = mtp_log_quotient(c->mean1, c->mean2);
    mtp_dd bias = mtp_dd_sub(mtp_log_mean_variance(&g1), mtp_log_mean_variance(&g2));

    return correct ? mtp_dd_add(y, mtp_dd_ldexp(bias, -1)) : y;
}

static double log_sd_ratio_variance(const change *c)
{
    return (1.0 - c->r) * (1.0 + c->r) / (c->n - 1.0);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    change c = change_of(w->raw, i);

    switch (w->options->measure) {
    case MTP_ROMC:
        *yi = mtp_dd_to(log_mean_ratio(&c, w->options->correct));
        *vi = ratio_variance(&c);
        break;
    case MTP_CVRC:
        *yi = mtp_dd_to(mtp_dd_sub(mtp_log_quotient(c.sd1, c.sd2),
                                   log_mean_ratio(&c, w->options->correct)));
        *vi = log_sd_ratio_variance(&c) + ratio_variance(&c);
        break;
    default:
        standardized_change(w, &c, yi, vi);
        break;
    }
}

static void effect_of_difference(const mtp_effects_work *w, size_t i, double *yi,
                                 double *vi)
{
    double n = w->raw->column[MTP_ROLE_N][i];
    double sd = w->raw->column[MTP_ROLE_SD_CHANGE][i];
    double moved =
        w->raw->column[MTP_ROLE_MEAN1][i] - w->raw->column[MTP_ROLE_MEAN2][i];
    mtp_standardized s = {.d = moved / sd, .df = n - 1.0, .zero = 1.0 / n, .n = n};

    if (w->options->measure == MTP_MC) {
        *yi = moved;
        *vi = sd * sd / n;
    } else {
        mtp_standardized_both(w->options, &s, 0.0, yi, vi);
    }
}

static void effect_by_first(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    change c = change_of(w->raw, i);
    bool unbiased = w->options->vtype == MTP_VTYPE_UB;
    double r = unbiased ? mtp_unbiased_correlation(c.r, c.n) : c.r;
    mtp_standardized s = {.d = (c.mean1 - c.mean2) / c.sd1,
                          .df = c.n - 1.0,
                          .zero = 2.0 * (1.0 - r) / c.n,
                          .n = c.n};

    mtp_standardized_both(w->options, &s, 0.0, yi, vi);
}

static void effect_of_spread(const mtp_effects_work *w, size_t i, double *yi,
                             double *vi)
{
    change c = change_of(w->raw, i);

    *yi = mtp_dd_to(mtp_log_quotient(c.sd1, c.sd2));
    *vi = log_sd_ratio_variance(&c);
}

static bool is_ratio(mtp_measure measure)
{
    return measure == MTP_ROMC || measure == MTP_CVRC || measure == MTP_VRC;
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    (void)clipped;
    return is_ratio(measure) ? exp(y) : y;
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return is_ratio(measure) ? log(natural) : natural;
}

const mtp_family mtp_family_change = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_MEAN2, MTP_ROLE_SD1, MTP_ROLE_SD2, MTP_ROLE_R,
             MTP_ROLE_N},
    .n_roles = 6,
    .ready = true,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};

const mtp_family mtp_family_change_difference = {
    .measure = difference_measures,
    .n_measures = sizeof difference_measures / sizeof difference_measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_MEAN2, MTP_ROLE_SD_CHANGE, MTP_ROLE_N},
    .n_roles = 4,
    .ready = true,
    .check = check_difference,
    .effect = effect_of_difference,
};

const mtp_family mtp_family_change_by_first = {
    .measure = by_first_measures,
    .n_measures = sizeof by_first_measures / sizeof by_first_measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_MEAN2, MTP_ROLE_SD1, MTP_ROLE_R, MTP_ROLE_N},
    .n_roles = 5,
    .ready = true,
    .check = check_by_first,
    .effect = effect_by_first,
};

const mtp_family mtp_family_change_spread = {
    .measure = spread_measures,
    .n_measures = sizeof spread_measures / sizeof spread_measures[0],
    .role = {MTP_ROLE_SD1, MTP_ROLE_SD2, MTP_ROLE_R, MTP_ROLE_N},
    .n_roles = 4,
    .ready = true,
    .check = check_spread,
    .effect = effect_of_spread,
    .back = back,
    .forward = forward,
};
