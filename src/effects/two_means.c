/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two groups: differences and ratios of means (m), and ratios of spread (s). */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/kernel.h"
#include "effects/means.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define NAKAGAWA    "Nakagawa et al. (2015), doi:10.1111/2041-210X.12309"
#define MEANS(id)                                                                      \
    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_MEANS, .groups = 2
#define RATIO                                                                          \
    .lower = 0.0, .upper = (double)INFINITY, .bias_correction = true,                  \
    .inverse = "exponential", .ratio = true
#define VTYPE(id) (1U << MTP_VTYPE_##id)

/* clang-format off */
static const mtp_measure_info measures[] = {
    {MEANS(MD), .lower = -(double)INFINITY, .upper = (double)INFINITY,
     .natural = "mean difference", .vtypes = VTYPE(HO),
     .name = "mean difference", .scale = "mean difference", .inverse = "none",
     .yi = "m1 - m2", .vi = "s1^2 / n1 + s2^2 / n2 (HO: s1 = s2 = pooled)",
     .source = DEFINITIONS},
    {MEANS(ROM), RATIO, .natural = "mean ratio",
     .vtypes = VTYPE(HO) | VTYPE(AV) | VTYPE(AVHO),
     .name = "log ratio of means", .scale = "log mean ratio",
     .yi = "log(m1 / m2) + (c1^2 / n1 - c2^2 / n2) / 2, c = s / m",
     .vi = "c1^2 / n1 + c2^2 / n2 (HO: s1 = s2 = pooled; AV: c1 and c2 averaged over "
           "studies, weighted by n; AVHO: one average for both groups)",
     .source = "Hedges, Gurevitch & Curtis (1999), "
               "doi:10.1890/0012-9658(1999)080[1150:TMAORR]2.0.CO;2; the correction "
               "Lajeunesse (2015), doi:10.1890/14-2402.1"},
    {MEANS(CVR), RATIO, .natural = "coefficient of variation ratio",
     .name = "log ratio of coefficients of variation",
     .scale = "log coefficient of variation ratio",
     .yi = "log(c1 / c2) + 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1)) "
           "- (c1^2 / n1 - c2^2 / n2) / 2, c = s / m",
     .vi = "1 / (2 (n1 - 1)) + 1 / (2 (n2 - 1)) + c1^2 / n1 + c2^2 / n2",
     .source = NAKAGAWA},
};

static const mtp_measure_info sd_measures[] = {
    {MEANS(VR), RATIO, .natural = "standard deviation ratio",
     .name = "log ratio of standard deviations",
     .scale = "log standard deviation ratio",
     .yi = "log(s1 / s2) + 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1))",
     .vi = "1 / (2 (n1 - 1)) + 1 / (2 (n2 - 1))",
     .source = NAKAGAWA},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    mtp_status status;

    if (options->measure == MTP_MD) {
        return mtp_check_two_groups(options, raw, i, err);
    }
    status = mtp_check_mean_ratio(raw, i, err);
    return status ? status : mtp_check_two_sds(options, raw, i, err);
}

/* Coefficients of variation averaged over the studies, weighted by n. */
typedef struct averages {
    double cv1, cv2;
} averages;

static mtp_dd cv_sum(mtp_dd sum, const mtp_group *g)
{
    return mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_from(g->sd / fabs(g->mean)), g->n));
}

static averages average(const mtp_effects_work *w, bool both)
{
    mtp_dd sum1 = {0.0, 0.0}, sum2 = {0.0, 0.0}, n1 = {0.0, 0.0}, n2 = {0.0, 0.0};

    for (size_t i = 0; i < w->raw->k; i++) {
        mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);

        if (!w->ready[i]) {
            sum1 = cv_sum(sum1, &g1);
            sum2 = cv_sum(sum2, &g2);
            n1 = mtp_dd_add(n1, mtp_dd_from(g1.n));
            n2 = mtp_dd_add(n2, mtp_dd_from(g2.n));
        }
    }
    if (both) {
        sum1 = sum2 = mtp_dd_add(sum1, sum2);
        n1 = n2 = mtp_dd_add(n1, n2);
    }
    return (averages){mtp_dd_to(mtp_dd_div(sum1, n1)), mtp_dd_to(mtp_dd_div(sum2, n2))};
}

static void prepare(mtp_effects_work *w)
{
    mtp_vtype vtype = w->options->vtype;
    averages *shared;

    if (vtype != MTP_VTYPE_AV && vtype != MTP_VTYPE_AVHO) {
        return;
    }
    shared = MTP_ARENA_NEW(w->arena, averages);
    w->shared = shared;
    if (shared) {
        *shared = average(w, vtype == MTP_VTYPE_AVHO);
    } else {
        w->notes.failed = true;
    }
}

/* log(s1 / s2) and its correction, 1 / (2 (n1 - 1)) - 1 / (2 (n2 - 1)). */
static mtp_dd log_sd_ratio(const mtp_group *g1, const mtp_group *g2, bool correct)
{
    mtp_dd y = mtp_log_quotient(g1->sd, g2->sd);

    if (correct) {
        y = mtp_dd_add(y, mtp_log_sd_variance(g1->n));
        y = mtp_dd_sub(y, mtp_log_sd_variance(g2->n));
    }
    return y;
}

/* log(m1 / m2) and its correction, (c1^2 / n1 - c2^2 / n2) / 2. */
static mtp_dd log_mean_ratio(const mtp_group *g1, const mtp_group *g2, bool correct)
{
    mtp_dd y = mtp_log_quotient(g1->mean, g2->mean);
    mtp_dd bias = mtp_dd_sub(mtp_log_mean_variance(g1), mtp_log_mean_variance(g2));

    return correct ? mtp_dd_add(y, mtp_dd_ldexp(bias, -1)) : y;
}

/* Variance of a log ratio of means. */
static double ratio_variance(const mtp_effects_work *w, mtp_group g1, mtp_group g2)
{
    const averages *average = w->shared;

    if (average) {
        return average->cv1 * average->cv1 / g1.n + average->cv2 * average->cv2 / g2.n;
    }
    if (w->options->vtype == MTP_VTYPE_HO) {
        g1.sd = g2.sd = mtp_pooled_sd(&g1, &g2);
    }
    return mtp_dd_to(mtp_log_mean_variance(&g1)) +
           mtp_dd_to(mtp_log_mean_variance(&g2));
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);
    bool correct = w->options->correct;

    switch (w->options->measure) {
    case MTP_ROM:
        *yi = mtp_dd_to(log_mean_ratio(&g1, &g2, correct));
        *vi = ratio_variance(w, g1, g2);
        break;
    case MTP_CVR:
        *yi = mtp_dd_to(mtp_dd_sub(log_sd_ratio(&g1, &g2, correct),
                                   log_mean_ratio(&g1, &g2, correct)));
        *vi = 0.5 / (g1.n - 1.0) + 0.5 / (g2.n - 1.0) + ratio_variance(w, g1, g2);
        break;
    default: /* MD */
        if (w->options->vtype == MTP_VTYPE_HO) {
            g1.sd = g2.sd = mtp_pooled_sd(&g1, &g2);
        }
        *yi = g1.mean - g2.mean;
        *vi = g1.sd * g1.sd / g1.n + g2.sd * g2.sd / g2.n;
        break;
    }
}

static void effect_of_spread(const mtp_effects_work *w, size_t i, double *yi,
                             double *vi)
{
    mtp_group g1 = mtp_group_1(w->raw, i), g2 = mtp_group_2(w->raw, i);

    *yi = mtp_dd_to(log_sd_ratio(&g1, &g2, w->options->correct));
    *vi = 0.5 / (g1.n - 1.0) + 0.5 / (g2.n - 1.0);
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    (void)clipped;
    return measure == MTP_MD ? y : exp(y);
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return measure == MTP_MD ? natural : log(natural);
}

const mtp_family mtp_family_two_means = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_MEAN2, MTP_ROLE_SD2,
             MTP_ROLE_N2},
    .n_roles = 6,
    .ready = true,
    .check = check,
    .prepare = prepare,
    .effect = effect,
    .back = back,
    .forward = forward,
};

const mtp_family mtp_family_two_sds = {
    .measure = sd_measures,
    .n_measures = sizeof sd_measures / sizeof sd_measures[0],
    .role = {MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_SD2, MTP_ROLE_N2},
    .n_roles = 4,
    .ready = true,
    .check = mtp_check_two_sds,
    .effect = effect_of_spread,
    .back = back,
    .forward = forward,
};
