/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of an L'Abbe plot. */
#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/labbe_figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST  9.0  /* radius of a circle, where studies are few */
#define SMALLEST 0.8  /* that can be seen */
#define FEW      13.0 /* studies */

enum { STEPS = 128, MOST_NAMES = 12 };

typedef struct spot {
    size_t study;
    mtp_labbe_point point;
    mtp_point at;
    double radius;
    double distance; /* from the line of the mean, upwards */
} spot;

typedef struct labbe_figure {
    const mtp_bundle *bundle;
    const mtp_labbe_kind *kind;
    mtp_frame frame;
    mtp_labbe_area area;
    size_t n, n_lines;
    spot *spot;
    mtp_labbe_line line[MTP_LABBE_LINES];
    double largest; /* radius */
    bool dots;      /* some circles would be too small to be seen */
} labbe_figure;

static bool list_spots(labbe_figure *f, mtp_arena *arena)
{
    f->spot = MTP_ARENA_ARRAY(arena, f->bundle->n_studies, spot);
    for (size_t i = 0; f->spot && i < f->bundle->n_studies; i++) {
        f->spot[f->n].study = i;
        f->n += mtp_labbe_place(f->bundle, i, &f->spot[f->n].point);
    }
    return f->spot != NULL;
}

/* The same axis for both groups. */
static bool choose_axes(labbe_figure *f, mtp_arena *arena)
{
    const mtp_measure_info *one = mtp_measure_get(f->kind->one_group);
    double *value = MTP_ARENA_ARRAY(arena, 2 * f->n, double);
    double *none = MTP_ARENA_ARRAY(arena, 2 * f->n, double);
    mtp_axis_data data = {2 * f->n, none, value, none, one->lower, one->upper};

    if (!value || !none) {
        return false;
    }
    if (strcmp(f->kind->id, "mean") == 0) { /* which need no axis from 0 */
        data.least = -(double)INFINITY;
    }
    for (size_t i = 0; i < f->n; i++) {
        value[2 * i] = f->spot[i].point.control;
        value[2 * i + 1] = f->spot[i].point.treated;
        none[2 * i] = none[2 * i + 1] = (double)NAN;
    }
    if (!mtp_axis_choose(&data, arena, &f->frame.x)) {
        return false;
    }
    f->frame.y = f->frame.x;
    return true;
}

/* Circles at the ends of the axes have room. */
static void inset_axes(labbe_figure *f)
{
    double room = f->largest + 2.0;

    f->frame.x.left += room;
    f->frame.x.right -= room;
    f->frame.y.left -= room;
    f->frame.y.right += room;
}

static double area_of(const labbe_figure *f, const spot *s)
{
    return f->area == MTP_LABBE_WEIGHT ? f->bundle->studies[s->study].weight_random
                                       : s->point.size;
}

/* The line that studies are told to be far from; NULL: none. */
static const mtp_labbe_line *mean_line(const labbe_figure *f)
{
    return f->n_lines > 1 ? &f->line[1] : NULL;
}

static void place_spots(labbe_figure *f)
{
    const mtp_labbe_line *mean = mean_line(f);
    double largest = 0.0;

    for (size_t i = 0; i < f->n; i++) {
        largest = fmax(largest, area_of(f, &f->spot[i]));
    }
    for (size_t i = 0; i < f->n; i++) {
        spot *s = &f->spot[i];
        double effect = mean ? mean->effect : f->bundle->measure->no_difference;
        double share = largest > 0.0 ? area_of(f, s) / largest : 1.0;

        s->at = mtp_frame_place(&f->frame, s->point.control, s->point.treated);
        s->radius = f->largest * sqrt(share);
        f->dots = f->dots || s->radius < SMALLEST;
        s->radius = fmax(s->radius, SMALLEST);
        s->distance = fabs(s->point.treated -
                           mtp_labbe_treated(f->kind, s->point.control, effect));
    }
}

/* Lines: an effect rises with the control outcome, so that it enters and leaves the
 * axes at the outcomes that its inverse makes of their ends. */
static void draw_line(const labbe_figure *f, const mtp_labbe_line *line)
{
    const mtp_axis *axis = &f->frame.x;
    double from = fmax(axis->low, mtp_labbe_treated(f->kind, axis->low, -line->effect));
    double to = fmin(axis->high, mtp_labbe_treated(f->kind, axis->high, -line->effect));
    int steps = f->kind->straight ? 1 : STEPS;
    mtp_point point[STEPS + 1];

    if (!(from < to)) {
        return;
    }
    for (int i = 0; i <= steps; i++) {
        double control = from + (to - from) * i / steps;

        point[i] = mtp_frame_place(&f->frame, control,
                                   mtp_labbe_treated(f->kind, control, line->effect));
    }
    mtp_scene_path(f->frame.scene, line->mark, MTP_NO_ROW, (size_t)steps + 1, point);
}

/* Order by falling figures; among equals by studies. */
static int compare(double a, double b, const spot *x, const spot *y)
{
    return a != b ? (a < b ? 1 : -1) : (x->study > y->study) - (x->study < y->study);
}

static int by_radius(const void *a, const void *b)
{
    const spot *x = a, *y = b;

    return compare(x->radius, y->radius, x, y);
}

static int by_distance(const void *a, const void *b)
{
    const spot *x = a, *y = b;

    return compare(x->distance, y->distance, x, y);
}

/* Small circles lie on large ones. */
static void draw_spots(labbe_figure *f)
{
    qsort(f->spot, f->n, sizeof *f->spot, by_radius);
    for (size_t i = 0; i < f->n; i++) {
        mtp_scene_circle(f->frame.scene, MTP_MARK_STUDY, f->spot[i].study,
                         f->spot[i].at, f->spot[i].radius);
    }
    qsort(f->spot, f->n, sizeof *f->spot, by_distance);
    for (size_t i = 0; i < f->n && i < MOST_NAMES; i++) {
        mtp_frame_label(&f->frame, f->spot[i].study, f->spot[i].at, f->spot[i].radius,
                        f->bundle->studies[f->spot[i].study].name);
    }
}

/* Words */

static const char *estimate_words(const labbe_figure *f, const char *name,
                                  const mtp_estimate *estimate)
{
    double value = estimate->back.estimate;
    bool small = value != 0.0 && fabs(value) < 0.1;

    return mtp_scene_printf(
        f->frame.scene, "%s: %s", name,
        mtp_figure_number(f->frame.scene, value, small ? MTP_FIGURE_SIGNIFICANT : 3));
}

static const char *words_of(const labbe_figure *f, const mtp_labbe_line *line)
{
    const mtp_pooled *overall = &f->bundle->pool->overall;

    return line->mark == MTP_MARK_NULL ? "No effect"
           : line->mark == MTP_MARK_CENTER
               ? estimate_words(f, "Random effects", &overall->random)
               : estimate_words(f, "Common effect", &overall->common);
}

static const char *area_words(const labbe_figure *f)
{
    return f->area == MTP_LABBE_WEIGHT        ? "weight in the random-effects mean"
           : strcmp(f->kind->id, "rate") == 0 ? "person-time of both groups"
                                              : "patients of both groups";
}

static const char *explanation(const labbe_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    size_t missing = f->bundle->n_studies - f->n;

    return mtp_scene_printf(
        scene,
        "Areas of circles: %s%s. On a line the %s is the same. Observed %ss, without "
        "any correction.%s%s",
        area_words(f), f->dots ? ", the smallest as dots" : "",
        f->bundle->measure->natural, f->kind->id,
        mean_line(f) ? " The studies farthest from the pooled effect are named where "
                       "there is room."
                     : " No pooled estimate exists.",
        missing == 0 ? ""
                     : mtp_scene_printf(scene, " Without data of both groups: %s.",
                                        mtp_figure_studies(scene, missing)));
}

static size_t list_keys(const labbe_figure *f, mtp_frame_key key[])
{
    size_t n = 0;

    key[n++] = (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_STUDY, "Study"};
    for (size_t i = 0; i < f->n_lines; i++) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_LINE, f->line[i].mark, words_of(f, &f->line[i])};
    }
    return n;
}

static void describe(labbe_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const char *means = "";

    for (size_t i = 1; i < f->n_lines; i++) {
        means = mtp_scene_printf(scene, "%s %s.", means, words_of(f, &f->line[i]));
    }
    scene->kind = "labbe";
    scene->title =
        mtp_scene_printf(scene,
                         "L\xE2\x80\x99"
                         "Abb\xC3\xA9 plot: %s, %s",
                         f->bundle->measure->natural, mtp_figure_studies(scene, f->n));
    f->frame.x_title = mtp_scene_printf(scene, "%s, control group", f->kind->label);
    f->frame.y_title = mtp_scene_printf(scene, "%s, treated group", f->kind->label);
    scene->description =
        mtp_scene_printf(scene, "%s. Across: %s. Upwards: %s. %s%s", scene->title,
                         f->frame.x_title, f->frame.y_title, explanation(f), means);
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    labbe_figure f = {.bundle = bundle,
                      .kind = mtp_labbe_find(bundle->measure->measure),
                      .area = mtp_labbe_area_of(bundle),
                      .frame = {.scene = scene, .width = width, .shape = 1.0}};
    mtp_frame_key key[1 + MTP_LABBE_LINES];
    const char *paragraph[2];
    double y;

    if (!list_spots(&f, scene->arena) || !choose_axes(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    f.n_lines = mtp_labbe_lines(bundle, f.line);
    f.largest = LARGEST * fmin(sqrt(sqrt(FEW / (double)f.n)), 1.0);
    describe(&f);
    mtp_frame_open(&f.frame, scene->title);
    inset_axes(&f);
    place_spots(&f);
    for (size_t i = 0; i < f.n_lines; i++) {
        draw_line(&f, &f.line[i]);
    }
    y = mtp_frame_draw_axes(&f.frame);
    draw_spots(&f);
    paragraph[0] = explanation(&f);
    paragraph[1] = mtp_figure_source(scene, bundle);
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, 2, paragraph, y);
}

mtp_scene *mtp_labbe_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
