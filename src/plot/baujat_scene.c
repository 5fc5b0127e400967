/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a Baujat plot: which studies make the heterogeneity, and which of them
 * move the pooled mean. */
#include "plot/baujat_figure.h"
#include "plot/forest_text.h"
#include "plot/frame.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_NAMES = 12 };

typedef struct spot {
    size_t study;
    mtp_point at;
    double distance; /* from the corner of no influence, in shares of the plot area */
} spot;

/* Farthest first; among equals in the order of the studies. */
static int by_distance(const void *a, const void *b)
{
    const spot *x = a, *y = b;

    if (x->distance != y->distance) {
        return x->distance < y->distance ? 1 : -1;
    }
    return (x->study > y->study) - (x->study < y->study);
}

static bool choose_axis(mtp_arena *arena, const mtp_bundle *bundle, bool influence,
                        mtp_axis *axis)
{
    size_t n = bundle->n_studies;
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *none = MTP_ARENA_ARRAY(arena, n, double);
    mtp_axis_data data = {n, none, value, none, 0.0, (double)INFINITY};

    if (!value || !none) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const mtp_study_influence *study = &bundle->sensitivity->influence->study[i];

        value[i] = influence ? study->baujat_y : study->baujat_x;
        none[i] = (double)NAN;
    }
    return mtp_axis_choose(&data, arena, axis);
}

static bool is_placed(const mtp_study_influence *study)
{
    return isfinite(study->baujat_x) && isfinite(study->baujat_y);
}

/* The studies that have both figures, farthest first. */
static spot *list_spots(const mtp_frame *frame, const mtp_bundle *bundle, size_t *n)
{
    spot *list = MTP_ARENA_ARRAY(frame->scene->arena, bundle->n_studies, spot);

    *n = 0;
    for (size_t i = 0; list && i < bundle->n_studies; i++) {
        const mtp_study_influence *study = &bundle->sensitivity->influence->study[i];

        if (is_placed(study)) {
            list[(*n)++] =
                (spot){i, mtp_frame_place(frame, study->baujat_x, study->baujat_y),
                       hypot(study->baujat_x / frame->x.high,
                             study->baujat_y / frame->y.high)};
        }
    }
    if (list) {
        qsort(list, *n, sizeof *list, by_distance);
    }
    return list;
}

static void draw_spots(const mtp_frame *frame, const mtp_bundle *bundle)
{
    size_t n;
    spot *list = list_spots(frame, bundle, &n);

    if (!list) {
        frame->scene->failed = true;
        return;
    }
    for (size_t i = n; i-- > 0;) {
        mtp_scene_circle(frame->scene, MTP_MARK_STUDY, list[i].study, list[i].at,
                         mtp_frame_radius(n));
    }
    for (size_t i = 0; i < n && i < MOST_NAMES; i++) {
        mtp_frame_label(frame, list[i].study, list[i].at, mtp_frame_radius(n),
                        bundle->studies[list[i].study].name);
    }
}

static const char *missing_words(const mtp_bundle *bundle, mtp_scene *scene)
{
    size_t missing = 0;

    for (size_t i = 0; i < bundle->n_studies; i++) {
        missing += !is_placed(&bundle->sensitivity->influence->study[i]);
    }
    return missing == 0
               ? ""
               : mtp_scene_printf(scene,
                                  "%s not shown: without it there is no pooled "
                                  "mean to compare with.",
                                  mtp_figure_studies(scene, missing));
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    const mtp_sensitivity_analysis *made = bundle->sensitivity;
    mtp_frame frame = {.scene = scene,
                       .width = width,
                       .x_title = "Contribution to the heterogeneity",
                       .y_title = "Influence on the pooled mean"};
    const char *paragraph[3];
    double y;

    if (!choose_axis(scene->arena, bundle, false, &frame.x) ||
        !choose_axis(scene->arena, bundle, true, &frame.y)) {
        scene->failed = true;
        return;
    }
    scene->kind = "baujat";
    scene->title =
        mtp_scene_printf(scene, "Baujat plot: %s, %s", bundle->measure->natural,
                         mtp_figure_studies(scene, bundle->n_studies));
    paragraph[0] = mtp_scene_printf(
        scene,
        "Across: squared Pearson residual. Upwards: squared change of the pooled mean "
        "without the study, by its variance then. Model: inverse variance, "
        "\u03c4\u00b2 by %s. "
        "The studies farthest out are named where there is room.",
        made->tau2 == MTP_TAU2_GIVEN ? "a given value" : mtp_tau2_id(made->tau2));
    paragraph[1] = missing_words(bundle, scene);
    paragraph[2] = mtp_figure_source(scene, bundle);
    scene->description =
        mtp_scene_printf(scene, "%s. %s %s", scene->title, paragraph[0], paragraph[1]);
    mtp_frame_open(&frame, scene->title);
    y = mtp_frame_draw_axes(&frame);
    draw_spots(&frame, bundle);
    mtp_frame_close(&frame, 3, paragraph, y);
}

mtp_scene *mtp_baujat_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
