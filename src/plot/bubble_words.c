/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a bubble plot: keys, axis, paragraphs, description. */
#include "plot/bubble_scene.h"
#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

static const char *area_words(const mtp_bubble_figure *f)
{
    const char *area = f->bubble->area;

    return strcmp(area, "weight") == 0 ? "area by weight in the regression"
           : strcmp(area, "n") == 0    ? "area by sample size"
           : strcmp(area, "time") == 0 ? "area by person-time"
                                       : "all of one size";
}

size_t mtp_bubble_list_keys(const mtp_bubble_figure *f,
                            mtp_frame_key key[MTP_BUBBLE_KEYS])
{
    mtp_scene *scene = f->frame.scene;
    const mtp_regress_prediction *mean = mtp_bubble_mean(f, 0);
    const char *level = mtp_figure_level(scene, f->bundle->level);
    size_t n = 0;

    if (f->bubble->n_groups == 0) {
        key[n++] = (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_STUDY,
                                   mtp_scene_printf(scene, "Study, %s", area_words(f))};
    }
    for (size_t i = 0; i < f->bubble->n_groups; i++) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_MARKER, mtp_frame_group(i), f->bubble->group[i]};
    }
    key[n++] = (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_REGRESSION, "Predicted mean"};
    if (!isnan(mean->back.ci_lower)) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_BOX, MTP_MARK_BAND_MEAN,
                            mtp_scene_printf(scene, "%s%% confidence interval", level)};
    }
    if (!isnan(mean->back.pi_lower)) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_BOX, MTP_MARK_BAND_PREDICTION,
                            mtp_scene_printf(scene, "%s%% prediction interval", level)};
    }
    return n;
}

/* "tau2 (REML) = 0.1850, R2 = 10.8%; test of the moderators: p = 0.033"; "" where there
 * is nothing between studies to be told. */
static const char *spread_words(const mtp_bubble_figure *f)
{
    const mtp_regress_result *fit = f->bundle->regression->fit;
    mtp_scene *scene = f->frame.scene;
    mtp_tau2_method method = fit->fit.tau2_method;
    const char *tau2 =
        isnan(fit->heterogeneity.tau2)
            ? ""
            : mtp_scene_printf(scene, ", \xCF\x84\xC2\xB2 (%s) = %s",
                               method == MTP_TAU2_GIVEN ? "given" : mtp_tau2_id(method),
                               mtp_figure_variance(scene, fit->heterogeneity.tau2));
    const char *explained =
        isnan(fit->R2) ? ""
                       : mtp_scene_printf(scene, ", R\xC2\xB2 = %s%%",
                                          mtp_figure_number(scene, fit->R2, 1));
    const char *test = isnan(fit->omnibus.p)
                           ? ""
                           : mtp_scene_printf(scene, "; test of the moderators: %s",
                                              mtp_figure_p(scene, fit->omnibus.p));

    return mtp_scene_printf(scene, "%s%s%s", tau2, explained, test);
}

static const char *model_words(const mtp_bubble_figure *f)
{
    const mtp_regression *regression = f->bundle->regression;
    const mtp_regress_result *fit = regression->fit;

    return mtp_scene_printf(
        f->frame.scene, "Meta-regression on %s: %s%s. Intervals: %s%s.",
        regression->design->formula->text,
        fit->fit.method == MTP_METHOD_GLMM ? "generalized linear mixed model"
        : regression->weighted             ? "given weights"
                                           : "inverse variance",
        spread_words(f), mtp_ci_label(fit->options.ci),
        isnan(mtp_bubble_mean(f, 0)->ci_lower)
            ? " (there are none: no degree of freedom)"
            : "");
}

static const char *other_words(const mtp_bubble_figure *f)
{
    return f->bubble->held[0] ? mtp_scene_printf(f->frame.scene, "Predicted with %s. ",
                                                 f->bubble->held)
                              : "";
}

static const char *point_words(const mtp_bubble_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_measure_info *measure = f->bundle->measure;
    bool observed = isfinite(f->bundle->studies[0].observed.estimate);
    const char *what =
        observed ? mtp_scene_printf(scene, "observed %s", measure->natural) : "effect";

    return mtp_scene_printf(
        scene, "Bubbles: %s of each study, %s%s%s.%s%s%s", what, area_words(f),
        f->floored ? " (the smallest are drawn larger)" : "",
        f->bubble->n_groups > 0
            ? mtp_scene_printf(scene, "; shapes by %s", f->bundle->by)
            : "",
        f->bubble->factor
            ? " Within a column they stand side by side where they would meet."
            : "",
        f->bubble->names ? " Studies are named where there is room." : "",
        f->clipped ? " Intervals are cut off where they leave the axis." : "");
}

/* "1: Axi-cel; 2: ..." */
static const char *level_words(const mtp_bubble_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const char *text = "";

    for (size_t i = 0; f->numbered && i < f->bubble->n_levels; i++) {
        text = mtp_scene_printf(scene, "%s%s%zu: %s", text, i > 0 ? "; " : "", i + 1,
                                f->bubble->level[i]);
    }
    return text;
}

/* The moderator below its axis, unless it is too long for it. */
const char *mtp_bubble_x_title(const mtp_bubble_figure *f)
{
    double width = mtp_text_width(f->bubble->across,
                                  mtp_mark_get(MTP_MARK_AXIS_TITLE)->text_size, false);

    return width < f->frame.width - MTP_BUBBLE_SIDES ? f->bubble->across
                                                     : "Moderator named in the title";
}

void mtp_bubble_describe(mtp_bubble_figure *f,
                         const char *paragraph[MTP_BUBBLE_PARAGRAPHS])
{
    mtp_scene *scene = f->frame.scene;

    paragraph[0] = mtp_scene_printf(scene, "%s %s", model_words(f), other_words(f));
    paragraph[1] = point_words(f);
    paragraph[2] = level_words(f);
    paragraph[3] = mtp_figure_source(scene, f->bundle);
    scene->description = mtp_scene_printf(scene, "%s. %s %s %s", scene->title,
                                          paragraph[0], paragraph[1], paragraph[2]);
}
