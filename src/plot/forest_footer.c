/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The footer of a forest plot: how its figures were made, and what its marks mean. */
#include "metapool/version.h"

#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_text.h"

#include <math.h>

#define TAU_SQUARED "\xCF\x84\xC2\xB2"

static const char *measure_words(mtp_scene *scene, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;
    const char *studies_by = mtp_forest_cell_meaning(bundle);

    if (bundle->n_studies > 0 && bundle->studies[0].observed.ci_method) {
        studies_by = measure->input == MTP_INPUT_EVENTS_TIME
                         ? " Studies: events per person-time with exact Poisson limits."
                         : " Studies: events / n with Wilson score limits.";
    }
    return mtp_scene_printf(scene, "Measure: %s (%s); analysis scale: %s.%s",
                            measure->name, measure->code, measure->scale, studies_by);
}

static const char *quadrature_words(mtp_scene *scene, const mtp_fit *fit)
{
    if (fit->nodes < 0) {
        return "";
    }
    if (fit->nodes == 0) {
        return ", likelihood integrated exactly";
    }
    return mtp_scene_printf(
        scene, ", likelihood by adaptive Gauss-Hermite quadrature with %d nodes",
        fit->nodes);
}

/* The set of studies whose fit the footer describes: overall, or the first group that
 * has an estimate where overall there is none. */
static const mtp_pooled *described(const mtp_pool_result *pool)
{
    size_t g = 0;

    if (pool->overall.exists) {
        return &pool->overall;
    }
    while (g < pool->n_groups && !pool->groups[g].exists) {
        g++;
    }
    return g < pool->n_groups ? &pool->groups[g] : &pool->overall;
}

/* "tau2 by maximum likelihood (ML)" */
static const char *tau2_words(mtp_scene *scene, const mtp_pool_result *pool,
                              const mtp_fit *fit)
{
    bool common = pool->n_groups > 0 && pool->options.tau2_scope == MTP_TAU2_COMMON;

    if (fit->tau2_method == MTP_TAU2_GIVEN) {
        return mtp_scene_printf(scene, TAU_SQUARED " given as %s",
                                mtp_figure_variance(scene, pool->options.tau2_value));
    }
    return mtp_scene_printf(
        scene, TAU_SQUARED " by %s (%s)%s", mtp_tau2_label(fit->tau2_method),
        mtp_tau2_id(fit->tau2_method), common ? ", common to all groups" : "");
}

static const char *model_words(mtp_scene *scene, const mtp_pool_result *pool)
{
    const mtp_fit *fit = &described(pool)->fit;
    const char *model = "";

    if (fit->method == MTP_METHOD_BETABINOMIAL) {
        return mtp_scene_printf(scene, "Model: %s by maximum likelihood.",
                                mtp_method_label(fit->method));
    }
    if (fit->method == MTP_METHOD_GLMM && fit->model) {
        int two = mtp_model_from_id(fit->model);

        model = mtp_scene_printf(
            scene, " (%s)", two < 0 ? fit->model : mtp_model_label((mtp_model)two));
    }
    if (fit->method == MTP_METHOD_MH || fit->method == MTP_METHOD_PETO) {
        model = " (common effect), inverse variance (random effects)";
    }
    return mtp_scene_printf(scene, "Model: %s%s; %s%s.", mtp_method_label(fit->method),
                            model, tau2_words(scene, pool, fit),
                            quadrature_words(scene, fit));
}

static const char *interval_words(const mtp_forest_figure *figure)
{
    const mtp_bundle *bundle = figure->forest->bundle;
    mtp_scene *scene = figure->scene;
    const mtp_pooled *pooled = described(bundle->pool);
    const char *level = mtp_figure_level(scene, bundle->level);
    const char *prediction = "";

    if (isnan(pooled->common.estimate) && !pooled->exists) {
        return "";
    }
    if (!pooled->exists) {
        return mtp_scene_printf(scene, "%s%% confidence interval: %s (common effect).",
                                level, mtp_ci_label(pooled->common.ci.method));
    }
    if (mtp_forest_has(figure, MTP_FOREST_PREDICTION)) {
        prediction = mtp_scene_printf(scene, " %s%% prediction interval: %s.", level,
                                      mtp_pi_label(pooled->random.pi.method));
    }
    return mtp_scene_printf(scene,
                            "%s%% confidence intervals: %s (random effects); %s "
                            "(common effect).%s",
                            level, mtp_ci_label(pooled->random.ci.method),
                            mtp_ci_label(pooled->common.ci.method), prediction);
}

static const char *square_words(const mtp_forest_figure *figure)
{
    const mtp_bundle *bundle = figure->forest->bundle;
    const mtp_sensitivity_analysis *fits = mtp_forest_fits(bundle);

    if (!figure->style->studies) {
        return "";
    }
    if (fits && fits->cumulative) {
        return fits->common ? "Squares: common effect of the studies so far."
                            : "Squares: random-effects mean of the studies so far.";
    }
    if (fits) {
        return fits->common ? "Squares: common effect of the others."
                            : "Squares: random-effects mean of the others.";
    }
    if (!isnan(bundle->studies[0].weight_random)) {
        return figure->common
                   ? "Areas of squares are proportional to the common-effect weights."
                   : "Areas of squares are proportional to the random-effects weights.";
    }
    return bundle->measure->input == MTP_INPUT_EVENTS_TIME
               ? "Areas of squares are proportional to person-time: this model has no "
                 "weights."
               : "Areas of squares are proportional to n: this model has no weights.";
}

static const char *diamond_words(const mtp_forest_figure *figure)
{
    const mtp_pooled *pooled = described(figure->forest->bundle->pool);

    if (!figure->both) {
        return figure->common ? " Diamonds: common effect."
                              : " Diamonds: random effects.";
    }
    if (pooled->exists) {
        return " Open diamonds: common effect; filled diamonds: random effects.";
    }
    return isnan(pooled->common.estimate) ? "" : " Open diamonds: common effect.";
}

static const char *line_words(const mtp_forest_figure *figure)
{
    if (!figure->pooled_line || !isfinite(mtp_forest_reference(figure))) {
        return "";
    }
    return figure->common ? " Dashed line: overall common effect."
                          : " Dashed line: overall random effects.";
}

static const char *cid_words(const mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    mtp_scene *scene = figure->scene;

    return !look || !(look->cid[0] < look->cid[1])
               ? ""
               : mtp_scene_printf(
                     scene, " Shaded: effects too small to matter, from %s to %s.",
                     mtp_figure_given(scene, look->cid[0]),
                     mtp_figure_given(scene, look->cid[1]));
}

static const char *mark_words(const mtp_forest_figure *figure, bool arrows)
{
    const mtp_forest *forest = figure->forest;
    bool bar = mtp_forest_has(figure, MTP_FOREST_PREDICTION);
    const char *sort = forest->bundle->look ? forest->bundle->look->sort : NULL;
    const char *words = mtp_scene_printf(
        figure->scene, "%s%s%s%s%s%s%s%s%s%s%s", square_words(figure),
        diamond_words(figure), line_words(figure),
        isfinite(mtp_forest_null(forest->bundle)) ? " Solid line: null hypothesis."
                                                  : "",
        cid_words(figure), bar ? " Bars: prediction intervals." : "",
        arrows ? " Arrows: the interval goes on beyond the axis." : "",
        mtp_forest_has(figure, MTP_FOREST_NOT_ESTIMABLE)
            ? " Studies that are not estimable are in no estimate and no total."
            : "",
        sort ? " Studies are in the order of " : "", sort ? sort : "", sort ? "." : "");

    return words + (words[0] == ' ');
}

const char *mtp_figure_source(mtp_scene *scene, const mtp_bundle *bundle)
{
    const mtp_ledger *ledger = &bundle->ledger;
    const char *excluded = "";

    if (ledger->n_excluded > 0) {
        excluded = mtp_scene_printf(scene, " (%zu of %zu rows left out)",
                                    ledger->n_excluded, ledger->rows);
    }
    return mtp_scene_printf(scene, "Data: %s%s. metapool %s.",
                            ledger->source ? ledger->source : "not named", excluded,
                            MTP_VERSION);
}

/* "Risk of bias: A randomization; B deviations." where letters head the lights. */
static const char *domain_words(const mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    const char *words = "Risk of bias:";

    if (!mtp_forest_has_letters(figure->forest->bundle) || !figure->style->studies) {
        return "";
    }
    for (size_t d = 0; d < look->n_rob; d++) {
        words = mtp_scene_printf(figure->scene, "%s %c, %s%s", words, (int)('A' + d),
                                 look->rob[d].name, d + 1 < look->n_rob ? ";" : ".");
    }
    return words;
}

void mtp_forest_footer(const mtp_forest_figure *figure, bool arrows,
                       const char *footer[MTP_FOREST_FOOTERS])
{
    const mtp_bundle *bundle = figure->forest->bundle;
    mtp_scene *scene = figure->scene;

    footer[0] = domain_words(figure);
    footer[1] = measure_words(scene, bundle);
    footer[2] = model_words(scene, bundle->pool);
    footer[3] = interval_words(figure);
    footer[4] = mark_words(figure, arrows);
    footer[5] = mtp_forest_dropped_words(figure);
    footer[6] = mtp_figure_source(scene, bundle);
}
