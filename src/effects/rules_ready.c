/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ready-made effects: the variance from a standard error, limits, a test or a p-value;
 * ratios as their logarithms. */
#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/derive.h"
#include "effects/kernel.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* Beyond this part of the half-width, limits are called asymmetric. */
static const double ASYMMETRY = 0.1;

static bool is_ready(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return mtp_family_of(measure->measure)->ready ||
           mtp_family_reads(mtp_family_of(measure->measure), MTP_ROLE_YI);
}

static bool is_ratio(const mtp_rule *rule, const mtp_measure_info *measure)
{
    return measure->ratio && is_ready(rule, measure);
}

static mtp_status check_order(const mtp_raw *raw, size_t i, mtp_role effect,
                              mtp_error *err)
{
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    double given = raw->column[effect] ? raw->column[effect][i] : (double)NAN;
    char text[3][MTP_NUMBER_TEXT];

    if (!(lower < upper)) {
        return mtp_impossible(raw, i, MTP_ROLE_CI_LOWER, "is not below the upper limit",
                              err);
    }
    if (!(given < lower || given > upper)) {
        return MTP_OK;
    }
    mtp_number_format(given, text[0]);
    mtp_number_format(lower, text[1]);
    mtp_number_format(upper, text[2]);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(effect),
                       "%s lies outside its own limits, %s and %s", text[0], text[1],
                       text[2]);
}

static mtp_status check_limits(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                               mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_CI_LOWER, err);

    (void)rule;
    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_CI_UPPER, err);
    }
    return status ? status : check_order(raw, i, MTP_ROLE_YI, err);
}

static mtp_status check_ratio(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                              mtp_error *err)
{
    (void)rule;
    return mtp_check_positive(raw, i, MTP_ROLE_ESTIMATE,
                              "is not above 0; a ratio is (its logarithm goes to "
                              "'yi')",
                              err);
}

static mtp_status check_ratio_limits(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                                     mtp_error *err)
{
    mtp_status status = check_ratio(rule, raw, i, err);

    if (!status) {
        status = mtp_check_positive(raw, i, MTP_ROLE_CI_LOWER,
                                    "is not above 0; limits given beside 'estimate' "
                                    "are limits of a ratio",
                                    err);
    }
    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_CI_UPPER, err);
    }
    return status ? status : check_order(raw, i, MTP_ROLE_ESTIMATE, err);
}

static double log_of_ratio(const mtp_rule *rule, const mtp_effects_options *options,
                           const mtp_raw *raw, size_t i)
{
    (void)options;
    return log(mtp_rule_source(rule, raw, i, 0));
}

static double quantile_of_level(const mtp_effects_options *options)
{
    return mtp_normal_upper_quantile(mtp_tail_of_level(options->input_level));
}

static double sei_of_ratio_limits(const mtp_rule *rule,
                                  const mtp_effects_options *options,
                                  const mtp_raw *raw, size_t i)
{
    (void)rule;
    return 0.5 *
           mtp_log_ratio(raw->column[MTP_ROLE_CI_UPPER][i],
                         raw->column[MTP_ROLE_CI_LOWER][i]) /
           quantile_of_level(options);
}

/* sei = (upper - lower) / (2 z), normal limits of the given level. */
static double sei_of_limits(const mtp_rule *rule, const mtp_effects_options *options,
                            const mtp_raw *raw, size_t i)
{
    (void)rule;
    return 0.5 *
           (raw->column[MTP_ROLE_CI_UPPER][i] - raw->column[MTP_ROLE_CI_LOWER][i]) /
           quantile_of_level(options);
}

/* `scale`: how the figures are compared; `hint`: what is said in the end. */
static void note_asymmetric(mtp_note_list *notes, size_t i, double part,
                            const char *scale, const char *hint)
{
    char percent[MTP_NUMBER_TEXT];

    mtp_number_fixed(100.0 * part, 0, percent, sizeof percent);
    mtp_note_add(notes, MTP_NOTE_ASYMMETRIC_LIMITS, i + 1,
                 "study %zu: %sthe middle of the limits is off the effect by %s%% of "
                 "their half-width%s",
                 i + 1, scale, percent, hint);
}

static void doubt_limits(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                         mtp_note_list *notes)
{
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    double half = 0.5 * (upper - lower), off;

    (void)rule;
    if (!raw->column[MTP_ROLE_YI]) {
        return;
    }
    off = fabs(0.5 * lower + 0.5 * upper - raw->column[MTP_ROLE_YI][i]) / half;
    if (off > ASYMMETRY) {
        note_asymmetric(notes, i, off, "",
                        "; limits of a ratio are symmetric only as logarithms");
    }
}

/* Decimals with which a number was printed, as far as its shortest form tells. */
static int decimals_of(double x)
{
    char text[MTP_NUMBER_TEXT];
    const char *point;

    mtp_number_format(x, text);
    point = strchr(text, '.');
    return strchr(text, 'e') ? 17 : point ? (int)strlen(point + 1) : 0;
}

/*
 * Half a unit of the last decimal that an estimate and its limits were printed with
 * (papers print the three alike, and zeros at the end are lost); 0 where they have so
 * many that nobody rounded them.
 */
static double rounding_of(double estimate, double lower, double upper)
{
    enum { PRINTED = 6 };
    int decimals = decimals_of(estimate);

    decimals = decimals_of(lower) > decimals ? decimals_of(lower) : decimals;
    decimals = decimals_of(upper) > decimals ? decimals_of(upper) : decimals;
    return decimals > PRINTED ? 0.0 : 0.5 * pow(10.0, -decimals);
}

/*
 * Limits of a ratio r are symmetric as logarithms: lower * upper = r^2. Printed figures
 * are doubtful where no figures that round to them are symmetric; figures that nobody
 * rounded, where they are off by more than a tenth.
 */
static void doubt_ratio_limits(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                               mtp_note_list *notes)
{
    double r = raw->column[MTP_ROLE_ESTIMATE][i];
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    double h = rounding_of(r, lower, upper);
    double off = fabs(log(lower / r * (upper / r))) / log(upper / lower);
    bool possible = (lower - h) * (upper - h) <= (r + h) * (r + h) &&
                    (lower + h) * (upper + h) >= (r - h) * (r - h);

    (void)rule;
    if (h > 0.0 ? !possible : off > ASYMMETRY) {
        note_asymmetric(notes, i, off, "as logarithms, ",
                        h > 0.0 ? ", more than rounding explains" : "");
    }
}

/* An effect, or the ratio whose logarithm it is, from whose test the standard error
 * follows. */
static mtp_status check_effect(const mtp_raw *raw, size_t i, mtp_error *err)
{
    const double *ratio = raw->column[MTP_ROLE_ESTIMATE];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_YI, err);

    if (!status && raw->column[MTP_ROLE_YI][i] == 0.0) {
        status = mtp_impossible(
            raw, i, ratio && ratio[i] == 1.0 ? MTP_ROLE_ESTIMATE : MTP_ROLE_YI,
            "as an effect leaves its standard error unknown, "
            "whatever the test; give limits, or a standard error",
            err);
    }
    return status;
}

static mtp_status check_statistic(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                                  mtp_error *err)
{
    double z = raw->column[MTP_ROLE_STAT][i];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_STAT, err);

    (void)rule;
    if (!status) {
        status = check_effect(raw, i, err);
    }
    if (!status && !(z / raw->column[MTP_ROLE_YI][i] > 0.0)) {
        status = mtp_impossible(raw, i, MTP_ROLE_STAT,
                                "as a test statistic does not have the sign of the "
                                "effect",
                                err);
    }
    return status;
}

static double sei_of_statistic(const mtp_rule *rule, const mtp_effects_options *options,
                               const mtp_raw *raw, size_t i)
{
    (void)rule;
    (void)options;
    return raw->column[MTP_ROLE_YI][i] / raw->column[MTP_ROLE_STAT][i];
}

static mtp_status check_p(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                          mtp_error *err)
{
    double p = raw->column[MTP_ROLE_P][i];

    (void)rule;
    if (p == 0.0) {
        return mtp_impossible(raw, i, MTP_ROLE_P,
                              "is not a p-value; where a paper prints 0.000 or "
                              "<0.001, take limits, a standard error or the test "
                              "statistic",
                              err);
    }
    if (p == 1.0) {
        return mtp_impossible(raw, i, MTP_ROLE_P,
                              "as a p-value leaves the standard error unknown; give "
                              "limits, or a standard error",
                              err);
    }
    if (!(p > 0.0 && p < 1.0)) {
        return mtp_impossible(raw, i, MTP_ROLE_P,
                              "is not a p-value; it lies between 0 and 1", err);
    }
    return check_effect(raw, i, err);
}

static double sei_of_p(const mtp_rule *rule, const mtp_effects_options *options,
                       const mtp_raw *raw, size_t i)
{
    (void)rule;
    (void)options;
    return fabs(raw->column[MTP_ROLE_YI][i]) /
           mtp_normal_upper_quantile(0.5 * raw->column[MTP_ROLE_P][i]);
}

static mtp_status check_sei(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                            mtp_error *err)
{
    double sei = raw->column[MTP_ROLE_SEI][i];
    mtp_status status = mtp_check_positive(
        raw, i, MTP_ROLE_SEI, "is not above 0; a standard error is positive", err);

    (void)rule;
    if (!status && !(sei * sei > 0.0 && isfinite(sei * sei))) {
        status =
            mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_SEI),
                        "the squared standard error is beyond the range of a double");
    }
    return status;
}

static double vi_of_sei(const mtp_rule *rule, const mtp_effects_options *options,
                        const mtp_raw *raw, size_t i)
{
    double sei = raw->column[MTP_ROLE_SEI][i];

    (void)rule;
    (void)options;
    return sei * sei;
}

static const mtp_rule rules[] = {
    {.target = MTP_ROLE_YI,
     .n_sources = 1,
     .source = {MTP_ROLE_ESTIMATE},
     .applies = is_ratio,
     .check = check_ratio,
     .value = log_of_ratio},
    {.target = MTP_ROLE_SEI,
     .n_sources = 3,
     .source = {MTP_ROLE_ESTIMATE, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER},
     .applies = is_ratio,
     .check = check_ratio_limits,
     .value = sei_of_ratio_limits,
     .doubt = doubt_ratio_limits,
     .text = "standard errors were taken from the given limits as "
             "log(upper / lower) / (2 z)",
     .note = MTP_NOTE_SE_FROM_LIMITS,
     .level = true},
    {.target = MTP_ROLE_SEI,
     .n_sources = 2,
     .source = {MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER},
     .applies = is_ready,
     .check = check_limits,
     .value = sei_of_limits,
     .doubt = doubt_limits,
     .text = "standard errors were taken from the given limits as "
             "(upper - lower) / (2 z)",
     .note = MTP_NOTE_SE_FROM_LIMITS,
     .level = true},
    {.target = MTP_ROLE_SEI,
     .n_sources = 2,
     .source = {MTP_ROLE_YI, MTP_ROLE_STAT},
     .applies = is_ready,
     .check = check_statistic,
     .value = sei_of_statistic,
     .text = "standard errors were taken from test statistics as yi / z",
     .note = MTP_NOTE_SE_FROM_TEST},
    {.target = MTP_ROLE_SEI,
     .n_sources = 2,
     .source = {MTP_ROLE_YI, MTP_ROLE_P},
     .applies = is_ready,
     .check = check_p,
     .value = sei_of_p,
     .text = "standard errors were taken from two-sided p-values as |yi| / z, "
             "z the normal quantile of 1 - p / 2",
     .note = MTP_NOTE_SE_FROM_TEST},
    {.target = MTP_ROLE_VI,
     .n_sources = 1,
     .source = {MTP_ROLE_SEI},
     .applies = is_ready,
     .check = check_sei,
     .value = vi_of_sei},
};

const mtp_rule_set mtp_rules_of_ready = MTP_RULE_SET(rules);
