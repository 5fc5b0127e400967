/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlations from the t statistics that papers print. */
#include "effects/check.h"
#include "effects/derive.h"

#include <math.h>

/* The order of the sources in all three rules; the semi-partial has R2 last. */
enum { STAT, N, PREDICTORS, R2 };

static bool simple(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return measure->input == MTP_INPUT_CORRELATION;
}

static bool partial(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return measure->input == MTP_INPUT_PARTIAL;
}

static bool semipartial(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return measure->input == MTP_INPUT_SEMIPARTIAL;
}

/* Residual degrees of freedom: n - m - 1, m = 1 where there is one predictor. */
static double residual_df(const mtp_rule *rule, const mtp_raw *raw, size_t i)
{
    double m =
        rule->n_sources > PREDICTORS ? mtp_rule_source(rule, raw, i, PREDICTORS) : 1.0;

    return mtp_rule_source(rule, raw, i, N) - m - 1.0;
}

static mtp_status check(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                        mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, rule->source[STAT], err);

    if (!status && !(residual_df(rule, raw, i) > 0.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_N,
                                "is too small a sample: it leaves no degrees of "
                                "freedom to the t statistic",
                                err);
    }
    return status;
}

static double of_t(const mtp_rule *rule, const mtp_effects_options *options,
                   const mtp_raw *raw, size_t i)
{
    double t = mtp_rule_source(rule, raw, i, STAT);

    (void)options;
    return t / hypot(t, sqrt(residual_df(rule, raw, i)));
}

static double semipartial_of_t(const mtp_rule *rule, const mtp_effects_options *options,
                               const mtp_raw *raw, size_t i)
{
    double rest = 1.0 - mtp_rule_source(rule, raw, i, R2);

    (void)options;
    return mtp_rule_source(rule, raw, i, STAT) * sqrt(rest / residual_df(rule, raw, i));
}

static const mtp_rule rules[] = {
    {.target = MTP_ROLE_R,
     .n_sources = 2,
     .source = {MTP_ROLE_STAT, MTP_ROLE_N},
     .applies = simple,
     .check = check,
     .value = of_t,
     .text = "correlations were computed from t statistics as t / sqrt(t^2 + n - 2)",
     .note = MTP_NOTE_EFFECT_FROM_STATISTIC},
    {.target = MTP_ROLE_R,
     .n_sources = 3,
     .source = {MTP_ROLE_STAT, MTP_ROLE_N, MTP_ROLE_PREDICTORS},
     .applies = partial,
     .check = check,
     .value = of_t,
     .text = "partial correlations were computed from t statistics as "
             "t / sqrt(t^2 + n - m - 1)",
     .note = MTP_NOTE_EFFECT_FROM_STATISTIC},
    {.target = MTP_ROLE_R,
     .n_sources = 4,
     .source = {MTP_ROLE_STAT, MTP_ROLE_N, MTP_ROLE_PREDICTORS, MTP_ROLE_R2},
     .applies = semipartial,
     .check = check,
     .value = semipartial_of_t,
     .text = "semi-partial correlations were computed from t statistics as "
             "t sqrt((1 - R2) / (n - m - 1))",
     .note = MTP_NOTE_EFFECT_FROM_STATISTIC},
};

const mtp_rule_set mtp_rules_of_correlations = MTP_RULE_SET(rules);
