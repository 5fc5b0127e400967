/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a funnel plot. */
#include "plot/funnel_scene.h"

#include <math.h>
#include <string.h>

enum { STEPS = 48, CURVE = STEPS + 2 };

/* An effect as the horizontal axis shows it. */
static double shown(const mtp_funnel_figure *f, double effect)
{
    return f->log ? exp(effect) : effect;
}

static mtp_point place(const mtp_funnel_figure *f, double effect, double vertical)
{
    return mtp_frame_place(&f->frame, shown(f, effect), vertical);
}

/* The axes */

static bool grows_downwards(mtp_funnel_axis axis)
{
    return axis == MTP_FUNNEL_SEI || axis == MTP_FUNNEL_VI || axis == MTP_FUNNEL_NINV ||
           axis == MTP_FUNNEL_SQRTNINV;
}

static bool choose_y(mtp_funnel_figure *f, mtp_arena *arena)
{
    const mtp_funnel *funnel = f->funnel;
    double *value = MTP_ARENA_ARRAY(arena, funnel->n_points, double);
    double *none = MTP_ARENA_ARRAY(arena, funnel->n_points, double);
    mtp_axis_data data = {funnel->n_points, none, value, none, 0.0, (double)INFINITY};

    if (!value || !none) {
        return false;
    }
    for (size_t i = 0; i < funnel->n_points; i++) {
        value[i] = funnel->point[i].vertical;
        none[i] = (double)NAN;
    }
    return mtp_axis_choose(&data, arena, &f->frame.y);
}

/* The largest standard error of a study. */
static double largest_se(const mtp_funnel *funnel)
{
    double largest = 0.0;

    for (size_t i = 0; i < funnel->n_points; i++) {
        largest = fmax(largest, sqrt(funnel->point[i].vi));
    }
    return largest;
}

/* Room for every study, the lines, and, unless they squeeze the rest, the pseudo limits
 * of the least precise one and the end of Egger's line. */
static bool choose_x(mtp_funnel_figure *f, mtp_arena *arena)
{
    const mtp_funnel *funnel = f->funnel;
    size_t n = funnel->n_points + 3;
    double *lower = MTP_ARENA_ARRAY(arena, n, double);
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *upper = MTP_ARENA_ARRAY(arena, n, double);
    double reach = funnel->by_precision ? funnel->z * largest_se(funnel) : (double)NAN;
    mtp_axis_data data = {n, lower, value, upper, -(double)INFINITY, (double)INFINITY};

    if (!lower || !value || !upper) {
        return false;
    }
    for (size_t i = 0; i < funnel->n_points; i++) {
        value[i] = shown(f, funnel->point[i].yi);
        lower[i] = upper[i] = (double)NAN;
    }
    value[n - 3] = (double)NAN;
    lower[n - 3] = upper[n - 3] =
        funnel->egger ? shown(f, funnel->egger->limit.estimate) : (double)NAN;
    value[n - 2] = shown(f, funnel->center);
    lower[n - 2] = shown(f, funnel->center - reach);
    upper[n - 2] = shown(f, funnel->center + reach);
    value[n - 1] = shown(f, funnel->null_value);
    lower[n - 1] = upper[n - 1] = (double)NAN;
    return (f->log ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena,
                                                              &f->frame.x);
}

/* Lines of equal significance */

/* The ends of the horizontal axis on the analysis scale. */
static double end_of(const mtp_funnel_figure *f, double side)
{
    double end = side < 0.0 ? f->frame.x.low : f->frame.x.high;

    return mtp_axis_coordinate(&f->frame.x, end);
}

/* The standard errors at the two ends of the vertical axis. */
static void se_range(const mtp_funnel_figure *f, double range[2])
{
    double a = mtp_funnel_se(f->funnel->axis, f->frame.y.low);
    double b = mtp_funnel_se(f->funnel->axis, f->frame.y.high);

    range[0] = fmin(a, b);
    range[1] = fmax(a, b);
}

/* Standard error i of STEPS over a range: even in it, and in its logarithm where the
 * axis is that of an inverse. */
static double se_step(const mtp_funnel_figure *f, const double range[2], int i)
{
    double share = (double)i / STEPS;

    return f->frame.y_down ? range[0] + share * (range[1] - range[0])
                           : range[0] * pow(range[1] / range[0], share);
}

/* middle + side z se from the most precise end of the plot area to the other one, or to
 * where it leaves it sideways: true. Returns the points' number in *n. */
static bool curve(const mtp_funnel_figure *f, double middle, double z, double side,
                  mtp_point point[CURVE], size_t *n)
{
    mtp_funnel_axis axis = f->funnel->axis;
    bool leaves;
    double range[2], last;

    se_range(f, range);
    last = fmax((end_of(f, side) - middle) * side / z, 0.0);
    leaves = last < range[1];
    range[1] = leaves ? last : range[1];
    *n = 0;
    if (range[1] <= range[0]) {
        return true;
    }
    for (int i = 0; i <= STEPS; i++) {
        double se = se_step(f, range, i);

        point[(*n)++] =
            place(f, middle + side * z * se, mtp_funnel_vertical(axis, se * se));
    }
    return leaves;
}

/* Where the effects do not differ from the hypothesis at a level. */
static void draw_contour(const mtp_funnel_figure *f, size_t i)
{
    static const mtp_mark mark[] = {MTP_MARK_CONTOUR_1, MTP_MARK_CONTOUR_2,
                                    MTP_MARK_CONTOUR_3};
    const mtp_box *plot = &f->frame.plot;
    mtp_point outline[2 * CURVE + 2], left[CURVE];
    size_t n, n_left;

    if (curve(f, f->funnel->null_value, f->funnel->contour_z[i], 1.0, outline, &n)) {
        if (n == 0) {
            outline[n++] = (mtp_point){plot->right, plot->top};
        }
        outline[n++] = (mtp_point){plot->right, plot->bottom};
    }
    if (curve(f, f->funnel->null_value, f->funnel->contour_z[i], -1.0, left, &n_left)) {
        outline[n++] = (mtp_point){plot->left, plot->bottom};
        if (n_left == 0) {
            outline[n++] = (mtp_point){plot->left, plot->top};
        }
    }
    while (n_left > 0) {
        outline[n++] = left[--n_left];
    }
    mtp_scene_region(f->frame.scene, mark[i == 0 ? 0 : i + 3 - f->funnel->n_contours],
                     MTP_NO_ROW, n, outline);
}

static void draw_contours(const mtp_funnel_figure *f)
{
    const mtp_box *plot = &f->frame.plot;

    if (f->funnel->n_contours == 0 || !f->funnel->by_precision) {
        return;
    }
    mtp_scene_rect(f->frame.scene, MTP_MARK_BEYOND, MTP_NO_ROW,
                   (mtp_point){plot->left, plot->top},
                   (mtp_point){plot->right, plot->bottom});
    for (size_t i = f->funnel->n_contours; i-- > 0;) {
        draw_contour(f, i);
    }
}

static void draw_limits(const mtp_funnel_figure *f)
{
    mtp_point point[CURVE];
    size_t n;

    if (!f->funnel->by_precision || isnan(f->funnel->center)) {
        return;
    }
    for (int side = -1; side <= 1; side += 2) {
        (void)curve(f, f->funnel->center, f->funnel->z, side, point, &n);
        mtp_scene_path(f->frame.scene, MTP_MARK_LIMIT, MTP_NO_ROW, n, point);
    }
}

/* Egger's regression, as far as it lies within the plot area. */
static void draw_egger(const mtp_funnel_figure *f)
{
    const mtp_asymmetry_result *egger = f->funnel->egger;
    mtp_point point[CURVE];
    double range[2], ends[2];
    size_t n = 0;

    if (!egger) {
        return;
    }
    se_range(f, range);
    for (int i = 0; i < 2; i++) {
        ends[i] =
            (end_of(f, i == 0 ? -1.0 : 1.0) - egger->limit.estimate) / egger->estimate;
    }
    if (egger->estimate != 0.0) {
        range[0] = fmax(range[0], fmin(ends[0], ends[1]));
        range[1] = fmin(range[1], fmax(ends[0], ends[1]));
    }
    for (int i = 0; i <= STEPS && range[0] < range[1]; i++) {
        double se = se_step(f, range, i);

        point[n++] = place(f, egger->limit.estimate + egger->estimate * se,
                           mtp_funnel_vertical(f->funnel->axis, se * se));
    }
    mtp_scene_path(f->frame.scene, MTP_MARK_EGGER, MTP_NO_ROW, n, point);
}

static void draw_vertical(const mtp_funnel_figure *f, mtp_mark mark, double effect)
{
    double x = place(f, effect, 0.0).x;

    if (isfinite(effect)) {
        mtp_scene_line(f->frame.scene, mark, MTP_NO_ROW,
                       (mtp_point){x, f->frame.plot.top},
                       (mtp_point){x, f->frame.plot.bottom});
    }
}

static void draw_points(const mtp_funnel_figure *f)
{
    const mtp_funnel *funnel = f->funnel;
    double radius = mtp_frame_radius(funnel->n_points);

    for (size_t i = 0; i < funnel->n_points; i++) {
        const mtp_funnel_point *point = &funnel->point[i];

        mtp_scene_circle(f->frame.scene,
                         point->filled ? MTP_MARK_FILLED : MTP_MARK_STUDY, i,
                         place(f, point->yi, point->vertical), radius);
    }
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    mtp_funnel_figure f = {.bundle = bundle,
                           .funnel = bundle->funnel,
                           .frame = {.scene = scene, .width = width},
                           .log = strcmp(bundle->measure->inverse, "exponential") == 0};
    mtp_frame_key key[MTP_FUNNEL_KEYS];
    const char *paragraph[MTP_FUNNEL_PARAGRAPHS];
    double y;

    if (!choose_x(&f, scene->arena) || !choose_y(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    scene->kind = "funnel";
    mtp_funnel_describe(&f, paragraph);
    f.frame.y_down = grows_downwards(f.funnel->axis);
    f.frame.x_title = mtp_funnel_x_title(&f);
    f.frame.y_title = mtp_funnel_axis_label(f.funnel->axis);
    mtp_frame_open(&f.frame, scene->title);
    draw_contours(&f);
    draw_vertical(&f, MTP_MARK_NULL, f.funnel->null_value);
    draw_limits(&f);
    draw_vertical(&f, MTP_MARK_CENTER, f.funnel->center);
    draw_egger(&f);
    y = mtp_frame_draw_axes(&f.frame);
    draw_points(&f);
    y = mtp_frame_draw_keys(&f.frame, mtp_funnel_list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, MTP_FUNNEL_PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_funnel_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
