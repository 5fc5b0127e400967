/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/forest_text.h"

#include "core/number.h"
#include "plot/forest_kind.h"

#include <math.h>
#include <string.h>

#define MINUS       "\xE2\x88\x92"
#define INFINITE    "\xE2\x88\x9E"
#define DASH        "\xE2\x80\x93"
#define NO_BREAK    "\xC2\xA0"
#define EQUALS      NO_BREAK "=" NO_BREAK
#define TAU_SQUARED "\xCF\x84\xC2\xB2"
#define I_SQUARED   "I\xC2\xB2"

/* Figures: numbers as the plot prints them. */

enum { MOST_DECIMALS = 12, SIGNIFICANT_DIGITS = 4 };
#define SMALLEST_FIXED 1e-4  /* an axis that ends below it has powers of ten */
#define ROUNDING       1e-12 /* estimates below it may be 0 */
#define LARGEST_FIXED  1e15
#define LARGEST_TICK   1e7 /* of a ratio, in digits */
#define LARGEST_GIVEN  1e4 /* from here on whole numbers have all their digits */

/* The power of ten of a number's first digit: 0 for 1 to 9.99. */
static double order_of(double value)
{
    return floor(log10(value) + 1e-9);
}

int mtp_figure_decimals(double largest, double step)
{
    /* 1 is the largest proportion, and has as many decimals as the others. */
    double decimals = fmax(2.0 - order_of(0.999 * largest), 1.0 - order_of(step));

    return largest < SMALLEST_FIXED ? MTP_FIGURE_SIGNIFICANT
                                    : (int)fmin(fmax(decimals, 0.0), MOST_DECIMALS);
}

static const char *with_minus(mtp_scene *scene, const char *text)
{
    return text[0] == '-' ? mtp_scene_printf(scene, MINUS "%s", text + 1)
                          : mtp_scene_printf(scene, "%s", text);
}

const char *mtp_figure_number(mtp_scene *scene, double value, int decimals)
{
    char text[MTP_NUMBER_TEXT];

    if (isnan(value)) {
        return DASH;
    }
    if (isinf(value)) {
        return value < 0.0 ? MINUS INFINITE : INFINITE;
    }
    if (decimals == MTP_FIGURE_SIGNIFICANT || fabs(value) >= LARGEST_FIXED) {
        mtp_number_significant(value, SIGNIFICANT_DIGITS, text, sizeof text);
    } else {
        mtp_number_fixed(value, decimals, text, sizeof text);
    }
    return with_minus(scene, text);
}

const char *mtp_figure_estimate(mtp_scene *scene, double value, int decimals)
{
    double smallest = fmin(0.5 * pow(10.0, -decimals), SMALLEST_FIXED);
    char text[MTP_NUMBER_TEXT];

    if (!isfinite(value) || decimals == MTP_FIGURE_SIGNIFICANT) {
        return mtp_figure_number(scene, value, decimals);
    }
    mtp_number_readable(value, decimals, fabs(value) > ROUNDING ? smallest : 0.0, text,
                        sizeof text);
    return with_minus(scene, text);
}

const char *mtp_figure_count(mtp_scene *scene, double value)
{
    char text[MTP_NUMBER_TEXT];

    if (!isfinite(value)) {
        return "";
    }
    if (fabs(value) >= LARGEST_FIXED) {
        mtp_number_significant(value, SIGNIFICANT_DIGITS, text, sizeof text);
    } else {
        mtp_number_fixed(value, value == floor(value) ? 0 : 1, text, sizeof text);
    }
    return mtp_scene_printf(scene, "%s", text);
}

const char *mtp_figure_given(mtp_scene *scene, double value)
{
    char text[MTP_NUMBER_TEXT];

    if (!isfinite(value)) {
        return "";
    }
    if (fabs(value) >= LARGEST_GIVEN) {
        return mtp_figure_number(scene, value, 0);
    }
    mtp_number_significant(value, SIGNIFICANT_DIGITS, text, sizeof text);
    return with_minus(scene, text);
}

/* "0.02", "500", "10,000", "10^7": a tick of ratios, which is 1, 2 or 5 times a power
 * of ten. */
static const char *ratio_tick(mtp_scene *scene, double value)
{
    double power = order_of(value);
    long whole = (long)fmin(round(value), LARGEST_TICK);

    if (value >= SMALLEST_FIXED * (1.0 - 1e-9) &&
        value < LARGEST_GIVEN * (1.0 - 1e-9)) {
        return mtp_figure_number(scene, value, MTP_FIGURE_SIGNIFICANT);
    }
    if (value >= 1.0 && whole < (long)LARGEST_TICK) {
        return whole < 1000000
                   ? mtp_scene_printf(scene, "%ld,%03ld", whole / 1000, whole % 1000)
                   : mtp_scene_printf(scene, "%ld,%03ld,%03ld", whole / 1000000,
                                      whole / 1000 % 1000, whole % 1000);
    }
    if (fabs(value / pow(10.0, power) - 1.0) < 1e-9) {
        return mtp_scene_printf(scene, "10^%s", mtp_figure_number(scene, power, 0));
    }
    return mtp_figure_number(scene, value, MTP_FIGURE_SIGNIFICANT);
}

const char *mtp_figure_tick(mtp_scene *scene, const mtp_axis *axis, size_t i)
{
    bool small = fmax(fabs(axis->low), fabs(axis->high)) < SMALLEST_FIXED;
    double decimals = fmin(fmax(-order_of(axis->step), 0.0), MOST_DECIMALS);

    if (axis->ratio) {
        return ratio_tick(scene, mtp_axis_tick(axis, i));
    }
    return mtp_figure_number(scene, mtp_axis_tick(axis, i),
                             small ? MTP_FIGURE_SIGNIFICANT : (int)decimals);
}

const char *mtp_figure_limits(mtp_scene *scene, double lower, double upper,
                              int decimals)
{
    return mtp_scene_printf(scene, "[%s, %s]",
                            mtp_figure_estimate(scene, lower, decimals),
                            mtp_figure_estimate(scene, upper, decimals));
}

const char *mtp_figure_level(mtp_scene *scene, double level)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_significant(100.0 * level, 12, text, sizeof text);
    return mtp_scene_printf(scene, "%s", text);
}

const char *mtp_figure_p(mtp_scene *scene, double p)
{
    char text[MTP_NUMBER_TEXT];

    if (p < 0.0001) {
        return "p" NO_BREAK "<" NO_BREAK "0.0001";
    }
    mtp_number_fixed(p, p < 0.001 ? 4 : 3, text, sizeof text);
    return mtp_scene_printf(scene, "p" EQUALS "%s", text);
}

const char *mtp_figure_variance(mtp_scene *scene, double value)
{
    bool small = value > 0.0 && value < 0.001;

    return mtp_figure_estimate(scene, value,
                               value == 0.0 ? 0
                               : small      ? MTP_FIGURE_SIGNIFICANT
                                            : 4);
}

const char *mtp_figure_studies(mtp_scene *scene, size_t k)
{
    return mtp_scene_printf(scene, k == 1 ? "%zu study" : "%zu studies", k);
}

/* Sentences */

const char *mtp_forest_natural(mtp_scene *scene, const mtp_bundle *bundle)
{
    const char *natural = bundle->measure->natural;
    char first = natural[0];

    if (first >= 'a' && first <= 'z') {
        first = (char)(first - 'a' + 'A');
    }
    return mtp_scene_printf(scene, "%c%s", first, natural + 1);
}

/* Ready-made effects are their own natural scale. */
double mtp_forest_null(const mtp_bundle *bundle)
{
    double null_value = bundle->pool->options.null_value;

    return isnan(null_value) && bundle->measure->measure == MTP_GEN
               ? bundle->pool->overall.random.null_value
               : null_value;
}

const char *mtp_forest_title(mtp_scene *scene, const mtp_forest *forest)
{
    const mtp_bundle *bundle = forest->bundle;
    const mtp_sensitivity_analysis *fits = mtp_forest_fits(bundle);
    bool by = bundle->by && bundle->pool->n_groups > 0;

    if (fits) {
        return mtp_scene_printf(scene, "%s forest plot: %s, %s%s%s",
                                fits->cumulative ? "Cumulative" : "Leave-one-out",
                                bundle->measure->natural,
                                mtp_figure_studies(scene, bundle->n_studies),
                                fits->cumulative ? " in the order of " : "",
                                fits->cumulative ? fits->order : "");
    }
    return mtp_scene_printf(scene, "Forest plot: %s, %s%s%s", bundle->measure->natural,
                            mtp_figure_studies(scene, bundle->n_studies),
                            by ? ", by " : "", by ? bundle->by : "");
}

/* "random-effects estimate 0.068 [0.058, 0.080]" */
static const char *estimate_words(mtp_scene *scene, const char *name,
                                  const mtp_estimate *estimate, int decimals)
{
    return mtp_scene_printf(
        scene, "%s %s %s", name,
        mtp_figure_estimate(scene, estimate->back.estimate, decimals),
        mtp_figure_limits(scene, estimate->back.ci_lower, estimate->back.ci_upper,
                          decimals));
}

static const char *prediction_words(mtp_scene *scene, const mtp_estimate *random,
                                    int decimals)
{
    if (isnan(random->back.pi_lower) && isnan(random->back.pi_upper)) {
        return "";
    }
    return mtp_scene_printf(scene, "; prediction interval %s",
                            mtp_figure_limits(scene, random->back.pi_lower,
                                              random->back.pi_upper, decimals));
}

const char *mtp_forest_description(mtp_scene *scene, const mtp_forest *forest,
                                   int decimals)
{
    const mtp_pooled *overall = &forest->bundle->pool->overall;

    if (isnan(overall->common.estimate) && !overall->exists) {
        return mtp_scene_printf(scene, "%s; no finite pooled estimate exists.",
                                mtp_forest_title(scene, forest));
    }
    return mtp_scene_printf(
        scene, "%s. Pooled %s with %s%% confidence limits: %s; %s%s. %s",
        mtp_forest_title(scene, forest), forest->bundle->measure->natural,
        mtp_figure_level(scene, forest->bundle->level),
        isnan(overall->common.estimate)
            ? "no finite estimate of the common effect exists"
            : estimate_words(scene, "common effect", &overall->common, decimals),
        overall->exists
            ? estimate_words(scene, "random effects", &overall->random, decimals)
            : "no finite estimate of random effects exists",
        prediction_words(scene, &overall->random, decimals),
        mtp_forest_heterogeneity(scene, overall, true));
}

/* "; Q = 126.04, df = 51, p < 0.0001", which breaks between lines only after a comma;
 * "" where the test was not made. */
static const char *chisq_words(mtp_scene *scene, const char *name, double statistic,
                               double df, double p)
{
    if (isnan(statistic) || isnan(p)) {
        return "";
    }
    return mtp_scene_printf(scene, "; %s" EQUALS "%s, df" EQUALS "%s, %s", name,
                            mtp_figure_number(scene, statistic, 2),
                            mtp_figure_count(scene, df), mtp_figure_p(scene, p));
}

/* "Q", or "Q (Mantel-Haenszel)" where it is taken around that mean. */
static const char *q_name(mtp_scene *scene, const mtp_heterogeneity *h)
{
    int method = h->Q_center ? mtp_method_from_id(h->Q_center) : -1;

    return method < 0 ? "Q"
                      : mtp_scene_printf(scene, "Q" NO_BREAK "(%s)",
                                         mtp_method_label((mtp_method)method));
}

const char *mtp_forest_heterogeneity(mtp_scene *scene, const mtp_pooled *pooled,
                                     bool limits)
{
    const mtp_heterogeneity *h = &pooled->heterogeneity;
    const char *share = "", *interval = "";

    if (pooled->fit.method == MTP_METHOD_BETABINOMIAL && !isnan(pooled->fit.rho)) {
        return mtp_scene_printf(scene, "Heterogeneity: rho" EQUALS "%s%s%s.",
                                mtp_figure_variance(scene, pooled->fit.rho),
                                chisq_words(scene, "Q", h->Q, h->df, h->p),
                                chisq_words(scene, "LRT", h->LRT, h->LRT_df, h->LRT_p));
    }
    if (isnan(h->tau2)) {
        return pooled->k == 1 ? "Heterogeneity: not defined for one study."
                              : "Heterogeneity: not defined.";
    }
    if (!isnan(h->I2)) {
        share = mtp_scene_printf(scene, ", " I_SQUARED EQUALS "%s%%",
                                 mtp_figure_number(scene, h->I2, 1));
    }
    if (limits && !isnan(h->ci.tau2[0]) && !isnan(h->ci.tau2[1])) {
        interval = mtp_scene_printf(scene, NO_BREAK "[%s, %s]",
                                    mtp_figure_variance(scene, h->ci.tau2[0]),
                                    mtp_figure_variance(scene, h->ci.tau2[1]));
    }
    return mtp_scene_printf(scene, "Heterogeneity: " TAU_SQUARED EQUALS "%s%s%s%s%s.",
                            mtp_figure_variance(scene, h->tau2), interval, share,
                            chisq_words(scene, q_name(scene, h), h->Q, h->df, h->p),
                            chisq_words(scene, "LRT", h->LRT, h->LRT_df, h->LRT_p));
}

static const char *model_name(bool common)
{
    return common ? "common effect" : "random effects";
}

const char *mtp_forest_between(mtp_scene *scene, const mtp_pool_result *pool,
                               bool common)
{
    const mtp_test *test = common ? &pool->between.common : &pool->between.random;
    const char *df2 = "";

    if (pool->n_groups == 0 || isnan(test->statistic)) {
        return "";
    }
    if (test->is_f) {
        df2 = mtp_scene_printf(scene, " and" NO_BREAK "%s",
                               mtp_figure_count(scene, test->df2));
    }
    return mtp_scene_printf(
        scene,
        "Test for subgroup differences (%s): %s" EQUALS "%s, df" EQUALS "%s%s, %s.",
        model_name(common), test->is_f ? "F" : "Q",
        mtp_figure_number(scene, test->statistic, 2), mtp_figure_count(scene, test->df),
        df2, mtp_figure_p(scene, test->p));
}

const char *mtp_forest_overall(mtp_scene *scene, const mtp_pooled *overall, bool common)
{
    const mtp_interval *ci = common ? &overall->common.ci : &overall->random.ci;
    const char *df = "";

    if ((!common && !overall->exists) || isnan(ci->statistic) || isnan(ci->p) ||
        ci->df <= 0.0) {
        return "";
    }
    if (!isnan(ci->df)) {
        bool whole = ci->df == floor(ci->df);

        df = mtp_scene_printf(scene, ", df" EQUALS "%s",
                              mtp_figure_number(scene, ci->df, whole ? 0 : 1));
    }
    return mtp_scene_printf(
        scene, "Test for overall effect (%s): %s" EQUALS "%s%s, %s.",
        model_name(common), isnan(ci->df) ? "z" : "t",
        mtp_figure_number(scene, ci->statistic, 2), df, mtp_figure_p(scene, ci->p));
}
