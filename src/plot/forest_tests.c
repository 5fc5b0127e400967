/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heterogeneity and tests of the one model of a layout, in the words of its journal. */
#include "plot/forest_tests.h"

#include "core/number.h"
#include "plot/forest_text.h"

#include <math.h>

#define NO_BREAK  "\xC2\xA0"
#define I_SQUARED "I\xC2\xB2"

/* Decimals of a p-value: the journals have two from 0.01 on and three below. Review
 * Manager goes on to the first digit. AMA Manual of Style, 11th edition, 19.4.2: three
 * where rounding would hide that p is below 0.05. */
static int p_decimals(bool revman, double p)
{
    int decimals = p < 0.01 || (p < 0.05 && p >= 0.045) ? 3 : 2;

    if (revman) {
        decimals = p < 0.01 ? (int)ceil(-log10(p)) : 2;
    }
    return decimals;
}

/* "P = 0.02", "P = .02", "P<0.001" */
static const char *p_words(mtp_scene *scene, mtp_forest_layout layout, double p)
{
    const mtp_forest_style *style = mtp_forest_style_get(layout);
    bool revman = layout == MTP_LAYOUT_REVMAN5, jama = layout == MTP_LAYOUT_JAMA;
    double least = revman ? 1e-5 : 1e-3;
    char text[MTP_NUMBER_TEXT];
    const char *from = text;

    if (p < least) {
        mtp_number_fixed(least, revman ? 5 : 3, text, sizeof text);
    } else {
        mtp_number_fixed(p, p_decimals(revman, p), text, sizeof text);
    }
    if (jama && p > 0.99) {
        return mtp_scene_printf(scene, "P" NO_BREAK ">" NO_BREAK ".99");
    }
    from += jama && text[0] == '0' ? 1 : 0;
    return mtp_scene_printf(scene, "P%s%s", p < least ? style->below : style->equals,
                            from);
}

/* "Chi2 = 12.34, df = 5 (P = 0.03)"; df2 NaN: none. */
static const char *test_words(mtp_scene *scene, mtp_forest_layout layout,
                              const char *name, const mtp_test *test)
{
    const mtp_forest_style *style = mtp_forest_style_get(layout);
    const char *df = "";

    if (!isnan(test->df)) {
        bool whole = test->df == floor(test->df);

        df = mtp_scene_printf(scene, ", df%s%s%s%s", style->equals,
                              mtp_figure_number(scene, test->df, whole ? 0 : 1),
                              isnan(test->df2) ? "" : " and" NO_BREAK,
                              mtp_figure_count(scene, test->df2));
    }
    return mtp_scene_printf(scene, "%s%s%s%s%s%s%s", name, style->equals,
                            mtp_figure_number(scene, test->statistic, 2), df,
                            style->before_p, p_words(scene, layout, test->p),
                            style->after_p);
}

/* Q, or the likelihood ratio where there is none. */
static mtp_test heterogeneity_test(const mtp_heterogeneity *h)
{
    bool lrt = isnan(h->Q) || isnan(h->p);

    return (mtp_test){.statistic = lrt ? h->LRT : h->Q,
                      .df = lrt ? h->LRT_df : h->df,
                      .df2 = (double)NAN,
                      .p = lrt ? h->LRT_p : h->p};
}

const char *mtp_forest_heterogeneity_of(mtp_scene *scene, mtp_forest_layout layout,
                                        const mtp_pooled *pooled, bool common)
{
    const mtp_forest_style *style = mtp_forest_style_get(layout);
    const mtp_heterogeneity *h = &pooled->heterogeneity;
    mtp_test test = heterogeneity_test(h);
    const char *tau2 = "", *share = "";

    if (pooled->k == 1 || isnan(test.statistic) || isnan(test.p)) {
        return pooled->k == 1 ? "Heterogeneity: not applicable"
                              : "Heterogeneity: not defined";
    }
    if (style->tau2 && !common && !isnan(h->tau2)) {
        tau2 = mtp_scene_printf(scene, "%s%s%s; ", style->tau2, style->equals,
                                mtp_figure_variance(scene, h->tau2));
    }
    if (!isnan(h->I2)) {
        share = mtp_scene_printf(scene, "; " I_SQUARED "%s%s%%", style->equals,
                                 mtp_figure_number(scene, h->I2, 0));
    }
    return mtp_scene_printf(scene, "%s%s%s%s", style->heterogeneity, tau2,
                            test_words(scene, layout, style->chisq, &test), share);
}

const char *mtp_forest_overall_test(mtp_scene *scene, mtp_forest_layout layout,
                                    const mtp_estimate *estimate)
{
    const mtp_interval *ci = &estimate->ci;
    mtp_test test = {
        .statistic = ci->statistic, .df = ci->df, .df2 = (double)NAN, .p = ci->p};
    const char *z = layout == MTP_LAYOUT_REVMAN5 ? "Z" : "z";

    if (isnan(test.statistic) || isnan(test.p)) {
        return "";
    }
    return mtp_scene_printf(scene, "%s%s", mtp_forest_style_get(layout)->overall,
                            test_words(scene, layout, isnan(ci->df) ? z : "t", &test));
}

const char *mtp_forest_between_of(mtp_scene *scene, mtp_forest_layout layout,
                                  const mtp_pool_result *pool, bool common)
{
    const mtp_forest_style *style = mtp_forest_style_get(layout);
    const mtp_test *test = common ? &pool->between.common : &pool->between.random;

    if (!style->between || pool->n_groups == 0 || isnan(test->statistic)) {
        return "";
    }
    return mtp_scene_printf(
        scene, "%s%s", style->between,
        test_words(scene, layout, test->is_f ? "F" : style->chisq, test));
}
