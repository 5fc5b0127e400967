/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a bubble plot: studies over a moderator, and what the regression
 * predicts. */
#include "plot/bubble_scene.h"

#include "plot/forest_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST  9.0 /* radius of a bubble, fewer than 60 being there */
#define SMALLEST 0.9
#define COLUMN   0.4 /* of a level: half its width, by the distance of two */
#define CORNERS  1.3 /* of a shape, by the radius of the circle of its area */

const mtp_regress_prediction *mtp_bubble_mean(const mtp_bubble_figure *f, size_t i)
{
    return &f->bundle->regression->predictions[i].value;
}

static size_t count_means(const mtp_bubble_figure *f)
{
    return f->bundle->regression->n_predictions;
}

static mtp_point place(const mtp_bubble_figure *f, double x, double y)
{
    return mtp_frame_place(&f->frame, x, y);
}

/* Effects of one group are shown as they are, ratios by their logarithms. */
static bool is_ratio(const mtp_bundle *bundle)
{
    return strcmp(bundle->measure->inverse, "exponential") == 0 &&
           bundle->measure->groups != 1;
}

/* The axes */

/* Room for every study and the line, and for the bands as far as they do not squeeze
 * these. */
static bool choose_y(mtp_bubble_figure *f, mtp_arena *arena)
{
    const mtp_bundle *bundle = f->bundle;
    const mtp_measure_info *measure = bundle->measure;
    size_t means = count_means(f), n = bundle->n_studies + 2 * means;
    double *lower = MTP_ARENA_ARRAY(arena, n, double);
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *upper = MTP_ARENA_ARRAY(arena, n, double);
    mtp_axis_data data = {n, lower, value, upper, measure->lower, measure->upper};
    size_t at = bundle->n_studies;

    if (!lower || !value || !upper) {
        return false;
    }
    for (size_t i = 0; i < bundle->n_studies; i++) {
        value[i] = mtp_bubble_shown(&bundle->studies[i]);
        lower[i] = upper[i] = (double)NAN;
    }
    for (size_t i = 0; i < means; i++, at += 2) {
        const mtp_regress_prediction *mean = mtp_bubble_mean(f, i);

        value[at] = value[at + 1] = mean->back.estimate;
        lower[at] = mean->back.ci_lower;
        upper[at] = mean->back.ci_upper;
        lower[at + 1] = mean->back.pi_lower;
        upper[at + 1] = mean->back.pi_upper;
    }
    return (is_ratio(bundle) ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena,
                                                                        &f->frame.y);
}

/* Ticks with the names of the levels, or with numbers where these are too long. */
static bool choose_levels(mtp_bubble_figure *f, mtp_scene *scene)
{
    size_t n = f->bubble->n_levels;
    double *at = MTP_ARENA_ARRAY(scene->arena, n, double);
    const char **label = MTP_ARENA_ARRAY(scene->arena, n, const char *);
    double size = mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size;
    double room = (f->frame.width - MTP_BUBBLE_SIDES) / (double)n - 6.0;

    if (!at || !label) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        at[i] = (double)i;
        label[i] = f->bubble->level[i];
        f->numbered = f->numbered || mtp_text_width(label[i], size, false) > room;
    }
    for (size_t i = 0; f->numbered && i < n; i++) {
        label[i] = mtp_scene_printf(scene, "%zu", i + 1);
    }
    f->levels = (mtp_frame_ticks){n, at, label};
    f->frame.x_ticks = &f->levels;
    mtp_axis_between(-0.5, (double)n - 0.5, false, &f->frame.x);
    return true;
}

static bool choose_x(mtp_bubble_figure *f, mtp_scene *scene)
{
    size_t n = f->bundle->n_studies;
    double *none = MTP_ARENA_ARRAY(scene->arena, n, double);
    mtp_axis_data data = {
        n, none, f->bubble->x, none, -(double)INFINITY, (double)INFINITY};

    if (f->bubble->factor) {
        return choose_levels(f, scene);
    }
    for (size_t i = 0; none && i < n; i++) {
        none[i] = (double)NAN;
    }
    return none && mtp_axis_choose(&data, scene->arena, &f->frame.x);
}

/* Line and bands */

static bool is_beyond(const mtp_bubble_figure *f, double y)
{
    double slack = 1e-9 * (f->frame.y.high - f->frame.y.low);

    return y < f->frame.y.low - slack || y > f->frame.y.high + slack;
}

/* The outline of a band: upper limits forwards, lower limits backwards. */
static void draw_band(const mtp_bubble_figure *f, mtp_mark mark, const double lower[],
                      const double upper[])
{
    mtp_point outline[2 * MTP_BUBBLE_PLACES];
    size_t n = count_means(f);

    for (size_t i = 0; i < n; i++) {
        double x = f->bubble->line_x[i];

        if (isnan(lower[i]) || isnan(upper[i])) {
            return;
        }
        outline[i] = place(f, x, upper[i]);
        outline[2 * n - 1 - i] = place(f, x, lower[i]);
    }
    mtp_scene_region(f->frame.scene, mark, MTP_NO_ROW, 2 * n, outline);
    if (mark == MTP_MARK_BAND_PREDICTION) {
        mtp_scene_path(f->frame.scene, MTP_MARK_BAND_LIMIT, MTP_NO_ROW, n, outline);
        mtp_scene_path(f->frame.scene, MTP_MARK_BAND_LIMIT, MTP_NO_ROW, n, outline + n);
    }
}

static void draw_bands(const mtp_bubble_figure *f)
{
    double lower[2][MTP_BUBBLE_PLACES], upper[2][MTP_BUBBLE_PLACES];
    size_t n = count_means(f);

    for (size_t i = 0; i < n; i++) {
        const mtp_regress_prediction *mean = mtp_bubble_mean(f, i);

        lower[0][i] = mean->back.pi_lower;
        upper[0][i] = mean->back.pi_upper;
        lower[1][i] = mean->back.ci_lower;
        upper[1][i] = mean->back.ci_upper;
    }
    draw_band(f, MTP_MARK_BAND_PREDICTION, lower[0], upper[0]);
    draw_band(f, MTP_MARK_BAND_MEAN, lower[1], upper[1]);
}

static void draw_box(const mtp_bubble_figure *f, mtp_mark mark, double x, double lower,
                     double upper)
{
    mtp_point a = place(f, x - COLUMN, upper), b = place(f, x + COLUMN, lower);

    if (isfinite(a.y) && isfinite(b.y)) {
        mtp_scene_rect(f->frame.scene, mark, MTP_NO_ROW, a, b);
    }
    if (mark == MTP_MARK_BAND_PREDICTION && isfinite(a.y) && isfinite(b.y)) {
        mtp_scene_rect(f->frame.scene, MTP_MARK_BAND_LIMIT, MTP_NO_ROW, a, b);
    }
}

/* The same of a level: boxes in its column. */
static void draw_boxes(const mtp_bubble_figure *f, size_t i)
{
    const mtp_regress_prediction *mean = mtp_bubble_mean(f, i);
    double x = f->bubble->line_x[i];

    draw_box(f, MTP_MARK_BAND_PREDICTION, x, mean->back.pi_lower, mean->back.pi_upper);
    draw_box(f, MTP_MARK_BAND_MEAN, x, mean->back.ci_lower, mean->back.ci_upper);
}

static void draw_intervals(mtp_bubble_figure *f)
{
    for (size_t i = 0; i < count_means(f); i++) {
        const mtp_regress_prediction *mean = mtp_bubble_mean(f, i);

        f->clipped = f->clipped || is_beyond(f, mean->back.ci_lower) ||
                     is_beyond(f, mean->back.ci_upper) ||
                     is_beyond(f, mean->back.pi_lower) ||
                     is_beyond(f, mean->back.pi_upper);
    }
    if (!f->bubble->factor) {
        draw_bands(f);
        return;
    }
    for (size_t i = 0; i < count_means(f); i++) {
        draw_boxes(f, i);
    }
}

/* The line, above the bubbles. */
static void draw_means(const mtp_bubble_figure *f)
{
    mtp_point line[MTP_BUBBLE_PLACES];
    size_t n = count_means(f);

    for (size_t i = 0; i < n; i++) {
        double x = f->bubble->line_x[i], y = mtp_bubble_mean(f, i)->back.estimate;

        if (isnan(y)) {
            continue; /* a level; with numbers all means exist */
        }
        if (f->bubble->factor) {
            mtp_scene_line(f->frame.scene, MTP_MARK_REGRESSION, MTP_NO_ROW,
                           place(f, x - COLUMN, y), place(f, x + COLUMN, y));
        } else {
            line[i] = place(f, x, y);
        }
    }
    if (!f->bubble->factor && !isnan(mtp_bubble_mean(f, 0)->back.estimate)) {
        mtp_scene_path(f->frame.scene, MTP_MARK_REGRESSION, MTP_NO_ROW, n, line);
    }
}

/* Bubbles */

/* The largest radius, by the number of studies and the room of a level. */
static double largest_radius(const mtp_bubble_figure *f)
{
    double n = (double)f->bundle->n_studies;
    double radius = strcmp(f->bubble->area, "even") == 0
                        ? mtp_frame_radius(f->bundle->n_studies)
                        : fmin(fmax(LARGEST * sqrt(sqrt(60.0 / n)), 4.0), LARGEST);
    double column = (f->frame.width - MTP_BUBBLE_SIDES) / (double)f->bubble->n_levels;

    return f->bubble->factor ? fmin(radius, fmax(0.35 * column, 1.5)) : radius;
}

/* Largest first, so that none hides a smaller one; then in the order of the studies. */
static int by_radius(const void *a, const void *b)
{
    const mtp_bubble_mark *x = a, *y = b;

    if (x->radius != y->radius) {
        return x->radius < y->radius ? 1 : -1;
    }
    return (x->study > y->study) - (x->study < y->study);
}

static mtp_bubble_mark *list_marks(mtp_bubble_figure *f, size_t n)
{
    mtp_bubble_mark *mark = MTP_ARENA_ARRAY(f->frame.scene->arena, n, mtp_bubble_mark);
    const double *size = f->bubble->size;
    double most = 0.0;

    for (size_t i = 0; i < n; i++) {
        most = fmax(most, size[i]);
    }
    for (size_t i = 0; mark && i < n; i++) {
        double radius = largest_radius(f) * sqrt(size[i] / most);

        f->floored = f->floored || radius < SMALLEST;
        mark[i] = (mtp_bubble_mark){
            i, place(f, f->bubble->x[i], mtp_bubble_shown(&f->bundle->studies[i])),
            fmax(radius, SMALLEST)};
    }
    if (mark) {
        qsort(mark, n, sizeof *mark, by_radius);
    }
    return mark;
}

static void draw_bubbles(mtp_bubble_figure *f)
{
    size_t n = f->bundle->n_studies;
    mtp_bubble_mark *mark = list_marks(f, n);

    if (!mark) {
        f->frame.scene->failed = true;
        return;
    }
    if (f->bubble->factor) {
        double column =
            (f->frame.x.right - f->frame.x.left) / (double)f->bubble->n_levels;

        mtp_bubble_spread(n, mark, (COLUMN - 0.04) * column);
    }
    for (size_t i = 0; i < n; i++) {
        size_t study = mark[i].study;
        mtp_mark style = f->bubble->n_groups == 0
                             ? MTP_MARK_STUDY
                             : mtp_frame_group(f->bubble->group_of[study]);

        mtp_frame_marker(&f->frame, style, study, mark[i].at, mark[i].radius);
    }
    draw_means(f);
    for (size_t i = 0; f->bubble->names && i < n; i++) {
        double reach = f->bubble->n_groups > 0 ? CORNERS : 1.0;

        mtp_frame_label(&f->frame, mark[i].study, mark[i].at, reach * mark[i].radius,
                        f->bundle->studies[mark[i].study].name);
    }
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    mtp_bubble_figure f = {.bundle = bundle,
                           .bubble = bundle->bubble,
                           .frame = {.scene = scene, .width = width}};
    mtp_frame_key key[MTP_BUBBLE_KEYS];
    const char *paragraph[MTP_BUBBLE_PARAGRAPHS];
    double y;

    if (!choose_x(&f, scene) || !choose_y(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    scene->kind = "bubble";
    scene->title = mtp_scene_printf(scene, "Bubble plot: %s by %s, %s",
                                    bundle->measure->natural, f.bubble->across,
                                    mtp_figure_studies(scene, bundle->n_studies));
    f.frame.x_title = mtp_bubble_x_title(&f);
    f.frame.y_title = mtp_scene_printf(scene, "%s%s", mtp_forest_natural(scene, bundle),
                                       is_ratio(bundle) ? " (log scale)" : "");
    f.frame.inset = largest_radius(&f) + 1.5;
    mtp_frame_open(&f.frame, scene->title);
    draw_intervals(&f);
    y = mtp_frame_draw_axes(&f.frame);
    draw_bubbles(&f);
    mtp_bubble_describe(&f, paragraph);
    y = mtp_frame_draw_keys(&f.frame, mtp_bubble_list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, MTP_BUBBLE_PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_bubble_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
