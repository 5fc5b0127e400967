/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a funnel plot: keys, axis, paragraph, description. */
#include "plot/forest_text.h"
#include "plot/funnel_scene.h"

#include <math.h>
#include <string.h>

#define NB "\xC2\xA0" /* no-break space */

static double center_back(const mtp_funnel_figure *f)
{
    const mtp_pooled *overall = &f->bundle->pool->overall;

    return f->funnel->common ? overall->common.back.estimate
                             : overall->random.back.estimate;
}

static const char *center_number(mtp_scene *scene, double value)
{
    return mtp_figure_number(
        scene, value, value != 0.0 && fabs(value) < 0.1 ? MTP_FIGURE_SIGNIFICANT : 3);
}

/* The line's place on the axis, and what that is where the axis does not say it. */
static const char *center_words(const mtp_funnel_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_measure_info *measure = f->bundle->measure;
    const char *name = f->funnel->common ? "Common effect" : "Random effects";
    const char *back = center_number(scene, center_back(f));

    if (f->log || strcmp(measure->inverse, "none") == 0) {
        return mtp_scene_printf(scene, "%s: %s", name, back);
    }
    return mtp_scene_printf(scene, "%s: %s (%s %s)", name,
                            center_number(scene, f->funnel->center), measure->natural,
                            back);
}

/* 1 - level as a p-value: "0.05". */
static const char *tail_of(mtp_scene *scene, double level)
{
    return mtp_figure_given(scene, round((1.0 - level) * 1e9) / 1e9);
}

static size_t contour_keys(const mtp_funnel_figure *f, mtp_frame_key key[])
{
    const mtp_funnel *funnel = f->funnel;
    mtp_scene *scene = f->frame.scene;
    size_t n = 0, last = funnel->n_contours;

    if (last == 0 || !funnel->by_precision) {
        return 0;
    }
    key[n++] = (mtp_frame_key){
        MTP_KEY_BOX, MTP_MARK_CONTOUR_1,
        mtp_scene_printf(scene, "p > %s", tail_of(scene, funnel->contour_level[0]))};
    for (size_t i = 1; i < last; i++) {
        key[n++] = (mtp_frame_key){
            MTP_KEY_BOX, i + 3 - last == 1 ? MTP_MARK_CONTOUR_2 : MTP_MARK_CONTOUR_3,
            mtp_scene_printf(scene, "%s to %s",
                             tail_of(scene, funnel->contour_level[i]),
                             tail_of(scene, funnel->contour_level[i - 1]))};
    }
    key[n++] = (mtp_frame_key){
        MTP_KEY_BOX, MTP_MARK_BEYOND,
        mtp_scene_printf(scene, "p < %s",
                         tail_of(scene, funnel->contour_level[last - 1]))};
    return n;
}

size_t mtp_funnel_list_keys(const mtp_funnel_figure *f,
                            mtp_frame_key key[MTP_FUNNEL_KEYS])
{
    const mtp_funnel *funnel = f->funnel;
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    key[n++] = (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_STUDY, "Study"};
    if (funnel->trim_fill && funnel->trim_fill->k0 > 0) {
        key[n++] = (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_FILLED, "Filled in"};
    }
    if (isfinite(funnel->center)) {
        key[n++] = (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_CENTER, center_words(f)};
        if (funnel->by_precision) {
            key[n++] = (mtp_frame_key){
                MTP_KEY_LINE, MTP_MARK_LIMIT,
                mtp_scene_printf(scene, "Pseudo %s%% limits",
                                 mtp_figure_level(scene, funnel->level))};
        }
    }
    if (funnel->egger) {
        key[n++] = (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_EGGER, "Egger's regression"};
    }
    return n + contour_keys(f, &key[n]);
}

static const char *fill_words(const mtp_funnel_figure *f)
{
    const mtp_trim_fill_result *fill = f->funnel->trim_fill;
    mtp_scene *scene = f->frame.scene;

    if (!fill) {
        return "";
    }
    return mtp_scene_printf(scene, "Trim and fill (%s): %s filled in on the %s.",
                            mtp_trim_fill_id(fill->estimator),
                            mtp_figure_studies(scene, fill->k0),
                            mtp_side_id(fill->side));
}

/* The test that the line is of: its slope on the analysis scale. */
static const char *egger_words(const mtp_funnel_figure *f)
{
    const mtp_asymmetry_result *egger = f->funnel->egger;
    mtp_scene *scene = f->frame.scene;

    if (!egger) {
        return "";
    }
    return mtp_scene_printf(
        scene,
        "Dash-dotted: Egger's regression of effects on standard errors, weights "
        "1/variance; its slope is %s %s (%s%% interval), t" NB "=" NB "%s, df" NB "=" NB
        "%s, %s. ",
        mtp_figure_given(scene, egger->estimate),
        mtp_figure_limits(scene, egger->ci_lower, egger->ci_upper,
                          MTP_FIGURE_SIGNIFICANT),
        mtp_figure_level(scene, f->funnel->level),
        mtp_figure_given(scene, egger->statistic), mtp_figure_given(scene, egger->df),
        mtp_figure_p(scene, egger->p));
}

static const char *line_words(const mtp_funnel_figure *f)
{
    const mtp_funnel *funnel = f->funnel;
    mtp_scene *scene = f->frame.scene;
    const char *limits = "", *contours = "", *unplaced = "";

    if (funnel->by_precision && isfinite(funnel->center)) {
        limits = mtp_scene_printf(scene,
                                  "Dashed: where %s%% of studies would lie around the "
                                  "line without heterogeneity. ",
                                  mtp_figure_level(scene, funnel->level));
    }
    if (funnel->by_precision && funnel->n_contours > 0) {
        contours = "Shades: two-sided p of each effect against the hypothesis. ";
    }
    if (!funnel->by_precision) {
        limits = "No limits are drawn: they do not depend on the sample size alone. ";
    }
    if (funnel->n_unplaced > 0) {
        unplaced = mtp_scene_printf(scene, "%s without this figure left out. ",
                                    mtp_figure_studies(scene, funnel->n_unplaced));
    }
    return mtp_scene_printf(scene, "%s%s%s%s%s", limits, contours, unplaced,
                            egger_words(f), fill_words(f));
}

/* What the horizontal axis shows. */
const char *mtp_funnel_x_title(const mtp_funnel_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_measure_info *measure = f->bundle->measure;
    const char *natural = mtp_forest_natural(scene, f->bundle);

    if (f->log) {
        return mtp_scene_printf(scene, "%s (log scale)", natural);
    }
    return strcmp(measure->inverse, "none") == 0
               ? natural
               : mtp_scene_printf(scene, "%s, %s", natural, measure->scale);
}

void mtp_funnel_describe(const mtp_funnel_figure *f,
                         const char *paragraph[MTP_FUNNEL_PARAGRAPHS])
{
    mtp_scene *scene = f->frame.scene;
    const mtp_funnel *funnel = f->funnel;

    paragraph[0] = line_words(f);
    paragraph[1] = mtp_figure_source(scene, f->bundle);
    scene->title =
        mtp_scene_printf(scene, "Funnel plot: %s, %s", f->bundle->measure->natural,
                         mtp_figure_studies(scene, f->bundle->n_studies));
    scene->description = mtp_scene_printf(
        scene, "%s. Each study's effect across, upwards its precision (%s). %s. %s",
        scene->title, mtp_funnel_axis_label(funnel->axis),
        isfinite(funnel->center) ? center_words(f) : "No pooled estimate exists",
        paragraph[0]);
}
