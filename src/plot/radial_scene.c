/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a radial (Galbraith) plot. */
#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/radial_arc.h"
#include "plot/radial_figure.h"

#include <math.h>
#include <stdlib.h>

/* Room beyond the farthest study, by its distance: for the arc. */
#define ROOM 1.08

enum { MOST_NAMES = 12, MOST_KEYS = 4 };

typedef struct radial_figure {
    const mtp_bundle *bundle;
    const mtp_influence_result *made;
    mtp_frame frame;
    mtp_radial_arc arc;
    double mean, z; /* the slope of the line, half the height of the band */
    double longest; /* the largest x */
} radial_figure;

/* The axes: x from 0; z with the band at both ends, where the arc is not farther than
 * the room about them. */
static bool choose_axes(radial_figure *f, mtp_arena *arena)
{
    size_t k = f->bundle->n_studies, n = k + 4;
    double *x = MTP_ARENA_ARRAY(arena, n, double);
    double *z = MTP_ARENA_ARRAY(arena, n, double);
    double *none = MTP_ARENA_ARRAY(arena, n, double);
    mtp_axis_data across = {n, none, x, none, 0.0, (double)INFINITY};
    mtp_axis_data upwards = {n, none, z, none, -(double)INFINITY, (double)INFINITY};

    if (!x || !z || !none) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = i < k ? f->made->study[i].radial_x : 0.0;
        z[i] = i < k ? ROOM * f->made->study[i].radial_z : 0.0;
        none[i] = (double)NAN;
        f->longest = fmax(f->longest, x[i]);
    }
    for (int side = 0; side < 2; side++) {
        double half = side == 0 ? -f->z : f->z;

        z[k + (size_t)side] = half;
        z[k + 2 + (size_t)side] = ROOM * (f->mean * f->longest + half);
    }
    return mtp_axis_choose(&across, arena, &f->frame.x) &&
           mtp_axis_choose(&upwards, arena, &f->frame.y);
}

static const char *error_words(const radial_figure *f)
{
    return f->made->tau2 == 0.0 ? "s: standard error"
                                : "s\xC2\xB2: sampling variance + \xCF\x84\xC2\xB2";
}

static void name_axes(radial_figure *f)
{
    mtp_scene *scene = f->frame.scene;

    f->frame.x_title = "1 / s";
    f->frame.y_title = mtp_scene_printf(scene, "Effect (%s) / s; %s. On the arc: %s",
                                        f->bundle->measure->scale, error_words(f),
                                        f->arc.natural ? f->bundle->measure->natural
                                                       : f->bundle->measure->scale);
}

/* Frame and arc; false when memory is exhausted. */
static bool open_frame(radial_figure *f, mtp_arena *arena)
{
    size_t k = f->bundle->n_studies;
    double *effect = MTP_ARENA_ARRAY(arena, k + 2, double);
    double reach = mtp_radial_reach(&f->frame, f->longest, f->mean * f->longest);

    if (!effect) {
        return false;
    }
    for (size_t i = 0; i < k; i++) {
        const mtp_study_influence *study = &f->made->study[i];

        effect[i] = f->bundle->studies[i].yi;
        reach =
            fmax(reach, mtp_radial_reach(&f->frame, study->radial_x, study->radial_z));
    }
    effect[k] = f->mean - f->z / f->longest;
    effect[k + 1] = f->mean + f->z / f->longest;
    f->arc.bundle = f->bundle;
    mtp_radial_arc_choose(&f->arc, &f->frame, k + 2, effect, reach);
    name_axes(f);
    mtp_radial_arc_open(&f->arc, &f->frame, reach);
    return true;
}

static mtp_point meet(const radial_figure *f, double intercept, double slope)
{
    return mtp_radial_arc_meet(&f->arc, &f->frame, intercept, slope);
}

static void draw_band(const radial_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    mtp_point corner[] = {mtp_frame_place(&f->frame, 0.0, f->z), meet(f, f->z, f->mean),
                          meet(f, 0.0, f->mean), meet(f, -f->z, f->mean),
                          mtp_frame_place(&f->frame, 0.0, -f->z)};

    mtp_scene_region(scene, MTP_MARK_BAND, MTP_NO_ROW, 5, corner);
    mtp_scene_line(scene, MTP_MARK_LIMIT, MTP_NO_ROW, corner[0], corner[1]);
    mtp_scene_line(scene, MTP_MARK_LIMIT, MTP_NO_ROW, corner[4], corner[3]);
}

/* The hypothesis; NaN: none. */
static double null_value(const radial_figure *f)
{
    return f->bundle->pool->overall.random.null_value;
}

static void draw_ray(const radial_figure *f, mtp_mark mark, double effect)
{
    if (isfinite(effect)) {
        mtp_scene_line(f->frame.scene, mark, MTP_NO_ROW, f->arc.origin,
                       meet(f, 0.0, effect));
    }
}

/* Studies */

typedef struct spot {
    size_t study;
    double residual;
} spot;

/* Farthest from the line first; among equals in the order of the studies. */
static int by_residual(const void *a, const void *b)
{
    const spot *x = a, *y = b;

    if (fabs(x->residual) != fabs(y->residual)) {
        return fabs(x->residual) < fabs(y->residual) ? 1 : -1;
    }
    return (x->study > y->study) - (x->study < y->study);
}

static mtp_point place_of(const radial_figure *f, size_t study)
{
    const mtp_study_influence *point = &f->made->study[study];

    return mtp_frame_place(&f->frame, point->radial_x, point->radial_z);
}

/* How many studies lie outside the band, of which those that are farthest out get
 * names. */
static size_t draw_studies(const radial_figure *f)
{
    size_t k = f->bundle->n_studies, outside = 0;
    double radius = mtp_frame_radius(k);
    spot *list = MTP_ARENA_ARRAY(f->frame.scene->arena, k, spot);

    if (!list) {
        f->frame.scene->failed = true;
        return 0;
    }
    for (size_t i = 0; i < k; i++) {
        list[i] = (spot){i, mtp_radial_residual(f->bundle, i)};
        outside += fabs(list[i].residual) > f->z;
        mtp_scene_circle(f->frame.scene, MTP_MARK_STUDY, i, place_of(f, i), radius);
    }
    qsort(list, k, sizeof *list, by_residual);
    for (size_t i = 0; i < outside && i < MOST_NAMES; i++) {
        mtp_frame_label(&f->frame, list[i].study, place_of(f, list[i].study), radius,
                        f->bundle->studies[list[i].study].name);
    }
    return outside;
}

/* Words */

/* An effect on the scale of the arc. */
static const char *effect_words(const radial_figure *f, double effect)
{
    double value = f->arc.natural ? mtp_back_transform(f->bundle->measure->measure,
                                                       effect, f->arc.ft_n, NULL)
                                  : effect;
    bool small = value != 0.0 && fabs(value) < 0.1;

    return mtp_figure_number(f->frame.scene, value, small ? MTP_FIGURE_SIGNIFICANT : 3);
}

static const char *mean_words(const radial_figure *f)
{
    return mtp_scene_printf(f->frame.scene, "Mean: %s", effect_words(f, f->mean));
}

static size_t list_keys(const radial_figure *f, mtp_frame_key key[MOST_KEYS])
{
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    key[n++] = (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_STUDY, "Study"};
    key[n++] = (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_CENTER, mean_words(f)};
    key[n++] =
        (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_LIMIT,
                        mtp_scene_printf(scene, "%s%% band",
                                         mtp_figure_level(scene, f->bundle->level))};
    if (isfinite(null_value(f))) {
        key[n++] = (mtp_frame_key){
            MTP_KEY_LINE, MTP_MARK_NULL,
            mtp_scene_printf(scene, "Hypothesis: %s",
                             mtp_figure_given(scene, mtp_forest_null(f->bundle)))};
    }
    return n;
}

static const char *explanation(const radial_figure *f, size_t outside)
{
    mtp_scene *scene = f->frame.scene;
    mtp_tau2_method tau2 = f->bundle->sensitivity->tau2;

    return mtp_scene_printf(
        scene,
        "The line from the origin through a study meets the arc at its effect. Outside "
        "the band: %zu of %s%s. Inverse variance, "
        "\xCF\x84\xC2\xB2\xC2\xA0=\xC2\xA0%s (%s).",
        outside, mtp_figure_studies(scene, f->made->k),
        outside > 0 ? ", named from the farthest on where there is room" : "",
        isfinite(f->made->tau2) ? mtp_figure_variance(scene, f->made->tau2) : "0",
        tau2 == MTP_TAU2_GIVEN ? "given" : mtp_tau2_id(tau2));
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    radial_figure f = {.bundle = bundle,
                       .made = bundle->sensitivity->influence,
                       .frame = {.scene = scene, .width = width, .open = true}};
    mtp_frame_key key[MOST_KEYS];
    const char *paragraph[2];
    double y;

    f.mean = f.made->estimate[0];
    f.z = mtp_radial_band(bundle);
    scene->kind = "radial";
    scene->title =
        mtp_scene_printf(scene, "Radial plot: %s, %s", bundle->measure->natural,
                         mtp_figure_studies(scene, bundle->n_studies));
    if (!choose_axes(&f, scene->arena) || !open_frame(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    draw_band(&f);
    draw_ray(&f, MTP_MARK_NULL, null_value(&f));
    draw_ray(&f, MTP_MARK_CENTER, f.mean);
    y = mtp_frame_draw_axes(&f.frame);
    mtp_radial_arc_draw(&f.arc, &f.frame);
    paragraph[0] = explanation(&f, draw_studies(&f));
    paragraph[1] = mtp_figure_source(scene, bundle);
    scene->description =
        mtp_scene_printf(scene, "%s. %s: %s %s.", scene->title, f.frame.y_title,
                         paragraph[0], mean_words(&f));
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, 2, paragraph, y);
}

mtp_scene *mtp_radial_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
