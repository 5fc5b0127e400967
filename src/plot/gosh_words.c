/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a plot of all subsets: keys, axis, paragraphs, description. */
#include "plot/forest_text.h"
#include "plot/gosh_scene.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define LONGEST_NAME 150.0 /* of a study in keys and in small print */

static const char *figure_text(const mtp_gosh_figure *f, double value)
{
    return f->map->axis == MTP_GOSH_I2
               ? mtp_scene_printf(f->frame.scene, "I\u00b2\u00a0=\u00a0%s%%",
                                  mtp_figure_number(f->frame.scene, value, 1))
               : mtp_scene_printf(
                     f->frame.scene, "%s\u00a0=\u00a0%s",
                     f->map->axis == MTP_GOSH_Q ? "Q" : "\u03c4\u00b2",
                     mtp_figure_number(f->frame.scene, value, MTP_FIGURE_SIGNIFICANT));
}

static size_t shade_keys(const mtp_gosh_figure *f, mtp_frame_key key[])
{
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    for (size_t s = 0; s < MTP_GOSH_SHADES; s++) {
        uint64_t next = 0;

        for (size_t t = MTP_GOSH_SHADES; t-- > s + 1;) {
            next = f->least[t] > 0 ? f->least[t] : next;
        }
        if (f->least[s] > 0) {
            key[n++] = (mtp_frame_key){
                MTP_KEY_BOX, mtp_gosh_shade(s),
                next == 0 ? mtp_scene_printf(scene, "%" PRIu64 " or more", f->least[s])
                : next == f->least[s] + 1
                    ? mtp_scene_printf(scene, "%" PRIu64, f->least[s])
                    : mtp_scene_printf(scene, "%" PRIu64 "\u2013%" PRIu64, f->least[s],
                                       next - 1)};
        }
    }
    key[0].text = mtp_scene_printf(scene, "Subsets in a cell: %s", key[0].text);
    return n;
}

size_t mtp_gosh_list_keys(const mtp_gosh_figure *f, mtp_frame_key key[MTP_GOSH_KEYS])
{
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    if (f->map->n_points == 0) {
        n = shade_keys(f, key);
    } else {
        key[n++] = (mtp_frame_key){
            MTP_KEY_CIRCLE, MTP_MARK_STUDY,
            f->study ? mtp_scene_printf(scene, "Subset with %s", f->study) : "Subset"};
        if (f->study) {
            key[n++] =
                (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_FILLED, "Subset without it"};
        }
    }
    if (f->study) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_BOX, MTP_MARK_DENSITY_5,
                            mtp_scene_printf(scene, "In the bars: with %s", f->study)};
    }
    if (isfinite(f->map->estimate)) {
        key[n++] = (mtp_frame_key){
            MTP_KEY_LINE, MTP_MARK_POOLED,
            mtp_scene_printf(scene, "All studies: %s, %s",
                             mtp_figure_number(scene,
                                               mtp_gosh_shown(f, f->map->estimate),
                                               MTP_FIGURE_SIGNIFICANT),
                             figure_text(f, f->map->value))};
    }
    return n;
}

static const char *subset_words(const mtp_gosh_figure *f)
{
    const mtp_gosh_map *map = f->map;
    mtp_scene *scene = f->frame.scene;
    mtp_tau2_method tau2 = f->bundle->sensitivity->tau2;
    const char *by = tau2 == MTP_TAU2_GIVEN ? "a given value" : mtp_tau2_id(tau2);

    if (map->n == 1) {
        return mtp_scene_printf(scene,
                                "One subset of two or more of the %zu studies has a "
                                "fit: inverse variance, \u03c4\u00b2 by %s.",
                                map->gosh->k, by);
    }
    return mtp_scene_printf(
        scene,
        "%s of the %zu studies, each pooled by itself: inverse variance, \u03c4\u00b2 "
        "by %s. "
        "%s. The bars above and beside show how they spread.",
        map->gosh->sample
            ? mtp_scene_printf(scene,
                               "%" PRIu64 " subsets of two or more, drawn at random "
                               "(seed %" PRIu64 "),",
                               map->n, map->seed)
            : mtp_scene_printf(scene, "All %" PRIu64 " subsets of two or more", map->n),
        map->gosh->k, by,
        map->n_points > 0 ? "Each is a point"
                          : "The more of them a cell holds, the stronger its shade");
}

static const char *highlight_words(const mtp_gosh_figure *f)
{
    return !f->study
               ? ""
               : mtp_scene_printf(f->frame.scene, "%" PRIu64 " of them hold %s%s.",
                                  f->map->n_with, f->study,
                                  f->map->n_points > 0
                                      ? ""
                                      : "; a cell is hatched where more than half do");
}

/* The study without which the mean I2 is the smallest. */
static const char *outlier_words(const mtp_gosh_figure *f)
{
    const mtp_gosh_result *gosh = f->map->gosh;
    mtp_scene *scene = f->frame.scene;
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};
    double with = gosh->with[gosh->outlier].I2,
           without = gosh->without[gosh->outlier].I2;

    return !(isfinite(with) && isfinite(without))
               ? ""
               : mtp_scene_printf(
                     scene,
                     "The mean I\u00b2 is smallest without %s: %s%%, and %s%% with it.",
                     mtp_figure_cut(scene, format,
                                    f->bundle->studies[gosh->outlier].name,
                                    LONGEST_NAME),
                     mtp_figure_number(scene, without, 1),
                     mtp_figure_number(scene, with, 1));
}

const char *mtp_gosh_x_title(const mtp_gosh_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_measure_info *measure = f->bundle->measure;
    const char *natural = mtp_forest_natural(scene, f->bundle);

    return f->log ? mtp_scene_printf(scene, "%s of the subset (log scale)", natural)
           : strcmp(measure->inverse, "none") == 0
               ? mtp_scene_printf(scene, "%s of the subset", natural)
               : mtp_scene_printf(scene, "%s of the subset, %s", natural,
                                  measure->scale);
}

void mtp_gosh_describe(mtp_gosh_figure *f, const char *paragraph[MTP_GOSH_PARAGRAPHS])
{
    mtp_scene *scene = f->frame.scene;
    mtp_text_format format = {MTP_MARK_KEY, false, MTP_ANCHOR_START};

    f->study = f->map->highlight
                   ? mtp_figure_cut(scene, format, f->map->highlight, LONGEST_NAME)
                   : NULL;
    scene->kind = "gosh";
    scene->title = mtp_scene_printf(scene, "Fits of subsets (GOSH): %s, %s",
                                    f->bundle->measure->natural,
                                    mtp_figure_studies(scene, f->map->gosh->k));
    paragraph[0] = subset_words(f);
    paragraph[1] = highlight_words(f);
    paragraph[2] = outlier_words(f);
    paragraph[3] = mtp_figure_source(scene, f->bundle);
    scene->description = mtp_scene_printf(scene, "%s. %s %s %s", scene->title,
                                          paragraph[0], paragraph[1], paragraph[2]);
}
