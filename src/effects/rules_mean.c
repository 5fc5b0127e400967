/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Means and standard deviations from what papers print in their place, in one group
 * and in each of two: the standard error; medians, quartiles and ranges; t of two
 * means.
 *
 * Symbols: a smallest, q1, m median, q3, b largest value, n sample size; z(p) the
 * normal quantile of p. The estimates take the values as normal.
 */
#include "core/number.h"
#include "effects/check.h"
#include "effects/derive.h"
#include "num/dist.h"

#include <math.h>

#define LUO  "Luo et al. (2018), doi:10.1177/0962280216669183"
#define WAN  "Wan et al. (2014), doi:10.1186/1471-2288-14-135"
#define SHI  "Shi et al. (2020), doi:10.1002/jrsm.1429"
#define SHI3 "Shi et al. (2023), doi:10.1177/09622802231172043"

/* The smallest sample for which the estimates were derived (n = 4 Q + 1, Q >= 1). */
static const double SMALLEST_N = 5.0;

/* Sources stand in ascending order, n behind them; five where all are there. */
enum { FIVE = 5 };

static size_t numbers_of(const mtp_rule *rule)
{
    return rule->n_sources - 1;
}

static double n_of(const mtp_rule *rule, const mtp_raw *raw, size_t i)
{
    return mtp_rule_source(rule, raw, i, numbers_of(rule));
}

/* Lowest and highest of the sources, and those next to them. */
static double width(const mtp_rule *rule, const mtp_raw *raw, size_t i, size_t inward)
{
    return mtp_rule_source(rule, raw, i, numbers_of(rule) - 1 - inward) -
           mtp_rule_source(rule, raw, i, inward);
}

static double middle(const mtp_rule *rule, const mtp_raw *raw, size_t i, size_t inward)
{
    return 0.5 * mtp_rule_source(rule, raw, i, inward) +
           0.5 * mtp_rule_source(rule, raw, i, numbers_of(rule) - 1 - inward);
}

static bool is_range(const mtp_rule *rule)
{
    mtp_role lowest = rule->source[0];

    return lowest == MTP_ROLE_MIN || lowest == MTP_ROLE_MIN1 || lowest == MTP_ROLE_MIN2;
}

/* A group's rules are for measures that read its size. */
static bool has_size(const mtp_rule *rule, const mtp_measure_info *measure)
{
    return mtp_family_reads(mtp_family_of(measure->measure),
                            rule->source[numbers_of(rule)]);
}

static mtp_status check_quantiles(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                                  mtp_error *err)
{
    size_t last = numbers_of(rule) - 1;

    for (size_t s = 0; s <= last; s++) {
        mtp_status status = mtp_check_finite(raw, i, rule->source[s], err);

        if (status) {
            return status;
        }
        if (s > 0 &&
            mtp_rule_source(rule, raw, i, s) < mtp_rule_source(rule, raw, i, s - 1)) {
            return mtp_impossible(raw, i, rule->source[s],
                                  "is below what it cannot be below: smallest value, "
                                  "lower quartile, median, upper quartile, largest "
                                  "value ascend",
                                  err);
        }
    }
    if (mtp_rule_source(rule, raw, i, last) == mtp_rule_source(rule, raw, i, 0)) {
        return mtp_impossible(raw, i, rule->source[last],
                              "is both ends; without a spread there is no standard "
                              "deviation",
                              err);
    }
    if (!(n_of(rule, raw, i) >= SMALLEST_N)) {
        return mtp_impossible(raw, i, rule->source[last + 1],
                              "is too small a sample for means and standard "
                              "deviations from quantiles, which need at least 5",
                              err);
    }
    return mtp_check_finite(raw, i, rule->source[last + 1], err);
}

/*
 * {a, m, b}            w (a + b) / 2 + (1 - w) m,  w = 4 / (4 + n^0.75)
 * {q1, m, q3}          w (q1 + q3) / 2 + (1 - w) m,  w = 0.7 + 0.39 / n
 * {a, q1, m, q3, b}    w1 (a + b) / 2 + w2 (q1 + q3) / 2 + (1 - w1 - w2) m,
 *                      w1 = 2.2 / (2.2 + n^0.75), w2 = 0.7 - 0.72 / n^0.55
 * Luo et al. (2018), equations 7, 11 and 15.
 */
static double mean_of_quantiles(const mtp_rule *rule,
                                const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i)
{
    double n = n_of(rule, raw, i), w, inner;
    double m = mtp_rule_source(rule, raw, i, numbers_of(rule) / 2);

    (void)options;
    if (numbers_of(rule) == FIVE) {
        w = 2.2 / (2.2 + pow(n, 0.75));
        inner = 0.7 - 0.72 / pow(n, 0.55);
        return w * middle(rule, raw, i, 0) + inner * middle(rule, raw, i, 1) +
               (1.0 - w - inner) * m;
    }
    w = is_range(rule) ? 4.0 / (4.0 + pow(n, 0.75)) : 0.7 + 0.39 / n;
    return w * middle(rule, raw, i, 0) + (1.0 - w) * m;
}

/* z((n - 0.375) / (n + 0.25)): half the expected range of n standard normal values. */
static double half_range(double n)
{
    return mtp_normal_upper_quantile(0.625 / (n + 0.25));
}

/* z((0.75 n - 0.125) / (n + 0.25)): half the expected distance of their quartiles. */
static double half_quartiles(double n)
{
    return mtp_normal_upper_quantile((0.25 * n + 0.375) / (n + 0.25));
}

/*
 * {a, b}            (b - a) / (2 z((n - 0.375) / (n + 0.25))),  Wan et al. (2014), eq.
 * 9 {q1, q3}          (q3 - q1) / (2 z((0.75 n - 0.125) / (n + 0.25))),  eq. 16 {a, q1,
 * q3, b}    the first times w plus the second times 1 - w, w = 1 / (1 + 0.07 n^0.6),
 * Shi et al. (2020), eq. 10
 */
static double sd_of_quantiles(const mtp_rule *rule, const mtp_effects_options *options,
                              const mtp_raw *raw, size_t i)
{
    double n = n_of(rule, raw, i), outer = 0.5 * width(rule, raw, i, 0), growth;

    (void)options;
    if (numbers_of(rule) == 2) {
        return outer / (is_range(rule) ? half_range(n) : half_quartiles(n));
    }
    growth = 0.07 * pow(n, 0.6);
    return (outer / half_range(n) +
            growth * (0.5 * width(rule, raw, i, 1) / half_quartiles(n))) /
           (1.0 + growth);
}

/*
 * Tests of skewness at the 5 % level: T against its critical value,
 * {a, m, b}          |a + b - 2 m| / (b - a)       1.01 / ln(n + 9) + 2.43 / (n + 1)
 * {q1, m, q3}        |q1 + q3 - 2 m| / (q3 - q1)   2.66 / sqrt(n) - 5.92 / n^2
 * {a, q1, m, q3, b}  max(2.65 ln(0.6 n) / sqrt(n) times the first, the second)
 *                                                  2.97 / sqrt(n) - 39.1 / n^3
 * Shi et al. (2023); 10,000 simulated normal samples of 21 to 401 exceed them in 4.4 to
 * 5.3 %.
 */
static bool is_skewed(const mtp_rule *rule, const mtp_raw *raw, size_t i)
{
    double n = n_of(rule, raw, i), T, critical;
    double m = mtp_rule_source(rule, raw, i, numbers_of(rule) / 2);

    T = 2.0 * fabs(middle(rule, raw, i, 0) - m) / width(rule, raw, i, 0);
    if (numbers_of(rule) == FIVE) {
        double quartiles = width(rule, raw, i, 1);
        double off = 2.0 * fabs(middle(rule, raw, i, 1) - m);

        T = fmax(2.65 * log(0.6 * n) / sqrt(n) * T,
                 quartiles > 0.0 ? off / quartiles : 0.0);
        critical = 2.97 / sqrt(n) - 39.1 / (n * n * n);
    } else if (is_range(rule)) {
        critical = 1.01 / log(n + 9.0) + 2.43 / (n + 1.0);
    } else {
        critical = 2.66 / sqrt(n) - 5.92 / (n * n);
    }
    return T > critical;
}

static void doubt_normal(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                         mtp_note_list *notes)
{
    if (is_skewed(rule, raw, i)) {
        mtp_note_add(notes, MTP_NOTE_SKEWED, i + 1,
                     "study %zu: the values of %s are skewed (test of " SHI3
                     ", 5%% level); its estimated mean and standard deviation may "
                     "mislead",
                     i + 1, mtp_role_id(rule->target));
    }
}

static mtp_status check_se(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                           mtp_error *err)
{
    mtp_status status = mtp_check_positive(
        raw, i, rule->source[0], "is not above 0; a standard error is positive", err);

    return status ? status
                  : mtp_check_positive(raw, i, rule->source[1],
                                       "is not above 0; a study has at least one "
                                       "patient",
                                       err);
}

static double sd_of_se(const mtp_rule *rule, const mtp_effects_options *options,
                       const mtp_raw *raw, size_t i)
{
    (void)options;
    return mtp_rule_source(rule, raw, i, 0) * sqrt(n_of(rule, raw, i));
}

/* Change scores: n is that of both times. */
static bool is_change(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return measure->input == MTP_INPUT_CHANGE;
}

/*
 * t of two means stands for the standardized difference t sqrt(1 / n1 + 1 / n2), which
 * is all that these measures take from means and standard deviations: two groups with
 * that difference and standard deviations of 1 give it. Never beside any of the values
 * that it stands for.
 */
static bool is_standardized(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    switch (measure->measure) {
    case MTP_SMD:
    case MTP_RPB:
    case MTP_ZPB:
    case MTP_RBIS:
    case MTP_ZBIS:
    case MTP_D2OR:
    case MTP_D2ORN:
    case MTP_D2ORL:
        return true;
    default:
        return false;
    }
}

static bool has_moments(const mtp_raw *given, size_t i)
{
    static const mtp_role moments[] = {
        MTP_ROLE_MEAN1, MTP_ROLE_SD1,     MTP_ROLE_SE1,   MTP_ROLE_MEDIAN1,
        MTP_ROLE_Q1_1,  MTP_ROLE_MIN1,    MTP_ROLE_MEAN2, MTP_ROLE_SD2,
        MTP_ROLE_SE2,   MTP_ROLE_MEDIAN2, MTP_ROLE_Q1_2,  MTP_ROLE_MIN2,
    };

    for (size_t r = 0; r < sizeof moments / sizeof moments[0]; r++) {
        const double *column = given->column[moments[r]];

        if (column && !isnan(column[i])) {
            return true;
        }
    }
    return false;
}

static mtp_status check_t(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                          mtp_error *err)
{
    static const char too_few[] = "is not above 0; a group has at least one patient";
    mtp_status status = mtp_check_finite(raw, i, rule->source[0], err);

    if (!status) {
        status = mtp_check_positive(raw, i, rule->source[1], too_few, err);
    }
    return status ? status : mtp_check_positive(raw, i, rule->source[2], too_few, err);
}

static double difference_of_t(const mtp_rule *rule, const mtp_effects_options *options,
                              const mtp_raw *raw, size_t i)
{
    double n1 = mtp_rule_source(rule, raw, i, 1), n2 = mtp_rule_source(rule, raw, i, 2);

    (void)options;
    return mtp_rule_source(rule, raw, i, 0) * sqrt((n1 + n2) / n1 / n2);
}

static double zero(const mtp_rule *rule, const mtp_effects_options *options,
                   const mtp_raw *raw, size_t i)
{
    (void)rule;
    (void)options;
    (void)raw;
    (void)i;
    return 0.0;
}

static double one(const mtp_rule *rule, const mtp_effects_options *options,
                  const mtp_raw *raw, size_t i)
{
    (void)rule;
    (void)options;
    (void)raw;
    (void)i;
    return 1.0;
}

#define R(name) MTP_ROLE_##name
/* clang-format off */
#define MEAN(id, what, from, count, ...)                                                   \
    {.target = R(id), .n_sources = (count), .source = {__VA_ARGS__}, .applies = has_size,  \
     .check = check_quantiles, .value = mean_of_quantiles, .doubt = doubt_normal,          \
     .text = what " was estimated from " from " (" LUO ")",                                \
     .note = MTP_NOTE_MEAN_ESTIMATED}
#define SD(id, what, from, by, count, ...)                                                 \
    {.target = R(id), .n_sources = (count), .source = {__VA_ARGS__}, .applies = has_size,  \
     .check = check_quantiles, .value = sd_of_quantiles,                                   \
     .text = what " was estimated from " from " (" by ")",                                 \
     .note = MTP_NOTE_SD_ESTIMATED}
#define SE(id, what, when, se, n)                                                          \
    {.target = R(id), .n_sources = 2, .source = {se, n}, .applies = when,                  \
     .check = check_se, .value = sd_of_se,                                                 \
     .text = what " was computed from its standard error as SE sqrt(n)",                   \
     .note = MTP_NOTE_SD_FROM_SE}
#define T(id, of, note_text)                                                               \
    {.target = R(id), .n_sources = 3, .source = {R(STAT), R(N1), R(N2)},                   \
     .applies = is_standardized, .blocked = has_moments, .check = check_t, .value = of,    \
     .text = note_text, .note = MTP_NOTE_EFFECT_FROM_STATISTIC, .stand_in = true}

/* The rules of a group whose roles end in g; papers' fullest account comes first. */
#define GROUP(g, a, q1, q3, b, group)                                                      \
    MEAN(MEAN##g, "the mean" group, "the five-number summary", 6,                          \
         a, q1, R(MEDIAN##g), q3, b, R(N##g)),                                             \
    MEAN(MEAN##g, "the mean" group, "median and quartiles", 4,                             \
         q1, R(MEDIAN##g), q3, R(N##g)),                                                   \
    MEAN(MEAN##g, "the mean" group, "median and range", 4,                                 \
         a, R(MEDIAN##g), b, R(N##g)),                                                     \
    SE(SD##g, "the standard deviation" group, has_size, R(SE##g), R(N##g)),                \
    SD(SD##g, "the standard deviation" group, "quartiles and range", SHI, 5,               \
       a, q1, q3, b, R(N##g)),                                                             \
    SD(SD##g, "the standard deviation" group, "quartiles", WAN, 3, q1, q3, R(N##g)),       \
    SD(SD##g, "the standard deviation" group, "the range", WAN, 3, a, b, R(N##g))

static const mtp_rule rules[] = {
    GROUP(, R(MIN), R(Q1), R(Q3), R(MAX), ""),
    GROUP(1, R(MIN1), R(Q1_1), R(Q3_1), R(MAX1), " of group 1"),
    GROUP(2, R(MIN2), R(Q1_2), R(Q3_2), R(MAX2), " of group 2"),
    SE(SD1, "the standard deviation at time 1", is_change, R(SE1), R(N)),
    SE(SD2, "the standard deviation at time 2", is_change, R(SE2), R(N)),
    T(MEAN1, difference_of_t, "the standardized difference was computed from t as "
                              "t sqrt(1 / n1 + 1 / n2)"),
    T(MEAN2, zero, NULL),
    T(SD1, one, NULL),
    T(SD2, one, NULL),
};
/* clang-format on */

const mtp_rule_set mtp_rules_of_means = MTP_RULE_SET(rules);
