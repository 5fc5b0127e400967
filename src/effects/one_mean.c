/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group: its mean m, standard deviation s and size n. */
#include "effects/check.h"
#include "effects/family.h"
#include "effects/hedges.h"
#include "effects/means.h"

#include <math.h>

#define DEFINITIONS "Viechtbauer (2010), doi:10.18637/jss.v036.i03"
#define NAKAGAWA    "Nakagawa et al. (2015), doi:10.1111/2041-210X.12309"
#define MEAN(id)    .measure = MTP_##id, .code = #id, .input = MTP_INPUT_MEAN, .groups = 1
#define ANY         .lower = -(double)INFINITY, .upper = (double)INFINITY
#define POSITIVE    .lower = 0.0, .upper = (double)INFINITY

/* clang-format off */
static const mtp_measure_info measures[] = {
    {MEAN(MN), ANY, .natural = "mean",
     .name = "raw mean", .scale = "mean", .inverse = "none",
     .yi = "m", .vi = "s^2 / n", .source = DEFINITIONS},
    {MEAN(MNLN), POSITIVE, .natural = "mean",
     .name = "log-transformed mean", .scale = "log mean", .inverse = "exponential",
     .yi = "log(m)", .vi = "s^2 / (n m^2)", .source = DEFINITIONS},
    {MEAN(SMN), ANY, .natural = "standardized mean", .bias_correction = true,
     .name = "standardized mean", .scale = "standardized mean", .inverse = "none",
     .yi = "J(n - 1) m / s", .vi = "1 / n + yi^2 / (2 n)",
     .source = "Hedges (1981), doi:10.3102/10769986006002107"},
    {MEAN(CVLN), POSITIVE, .natural = "variation coefficient",
     .bias_correction = true,
     .name = "log-transformed coefficient of variation",
     .scale = "log coefficient of variation", .inverse = "exponential",
     .yi = "log(s / m) + 1 / (2 (n - 1))", .vi = "1 / (2 (n - 1)) + s^2 / (n m^2)",
     .source = NAKAGAWA},
};

static const mtp_measure_info sd_measures[] = {
    {MEAN(SDLN), POSITIVE, .natural = "standard deviation", .bias_correction = true,
     .name = "log-transformed standard deviation",
     .scale = "log standard deviation", .inverse = "exponential",
     .yi = "log(s) + 1 / (2 (n - 1))", .vi = "1 / (2 (n - 1))", .source = NAKAGAWA},
};
/* clang-format on */

static mtp_status check(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i, mtp_error *err)
{
    bool logarithm = options->measure == MTP_MNLN || options->measure == MTP_CVLN;
    mtp_status status = logarithm ? mtp_check_log_mean(raw, i, MTP_ROLE_MEAN, err)
                                  : mtp_check_finite(raw, i, MTP_ROLE_MEAN, err);

    if (!status) {
        status = mtp_check_sd(raw, i, MTP_ROLE_SD, err);
    }
    if (!status) {
        status = (options->measure == MTP_SMN ? mtp_check_j_size : mtp_check_sd_size)(
            options, raw, i, MTP_ROLE_N, err);
    }
    return status;
}

static mtp_status check_sd(const mtp_effects_options *options, const mtp_raw *raw,
                           size_t i, mtp_error *err)
{
    mtp_status status = mtp_check_sd(raw, i, MTP_ROLE_SD, err);

    return status ? status : mtp_check_sd_size(options, raw, i, MTP_ROLE_N, err);
}

/* log(s / over) and its correction for small samples. */
static double log_sd(const mtp_effects_work *w, const mtp_group *g, double over)
{
    mtp_dd y = mtp_log_quotient(g->sd, over);

    return mtp_dd_to(w->options->correct ? mtp_dd_add(y, mtp_log_sd_variance(g->n))
                                         : y);
}

static void effect(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_group g = mtp_group_alone(w->raw, i);

    switch (w->options->measure) {
    case MTP_MNLN:
        *yi = log(g.mean);
        *vi = mtp_dd_to(mtp_log_mean_variance(&g));
        break;
    case MTP_SMN:
        *yi = g.mean / g.sd * (w->options->correct ? mtp_hedges_j(g.n - 1.0) : 1.0);
        *vi = (1.0 + 0.5 * *yi * *yi) / g.n;
        break;
    case MTP_CVLN:
        *yi = log_sd(w, &g, g.mean);
        *vi =
            mtp_dd_to(mtp_dd_add(mtp_log_sd_variance(g.n), mtp_log_mean_variance(&g)));
        break;
    default: /* MN */
        *yi = g.mean;
        *vi = g.sd * g.sd / g.n;
        break;
    }
}

static void effect_of_sd(const mtp_effects_work *w, size_t i, double *yi, double *vi)
{
    mtp_group g = mtp_group_alone(w->raw, i);

    *yi = log_sd(w, &g, 1.0);
    *vi = 0.5 / (g.n - 1.0);
}

static double back(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    (void)ft_n;
    (void)clipped;
    return measure == MTP_MN || measure == MTP_SMN ? y : exp(y);
}

static double forward(mtp_measure measure, double natural, double ft_n)
{
    (void)ft_n;
    return measure == MTP_MN || measure == MTP_SMN ? natural : log(natural);
}

const mtp_family mtp_family_one_mean = {
    .measure = measures,
    .n_measures = sizeof measures / sizeof measures[0],
    .role = {MTP_ROLE_MEAN, MTP_ROLE_SD, MTP_ROLE_N},
    .n_roles = 3,
    .ready = true,
    .check = check,
    .effect = effect,
    .back = back,
    .forward = forward,
};

const mtp_family mtp_family_one_sd = {
    .measure = sd_measures,
    .n_measures = sizeof sd_measures / sizeof sd_measures[0],
    .role = {MTP_ROLE_SD, MTP_ROLE_N},
    .n_roles = 2,
    .ready = true,
    .check = check_sd,
    .effect = effect_of_sd,
    .back = back,
    .forward = forward,
};
