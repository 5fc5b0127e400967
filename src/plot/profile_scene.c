/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a likelihood profile: the log-likelihood over tau2, its modes, and the
 * interval that a horizontal cut below the maximum gives. */
#include "metapool/tau2_curve.h"

#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/profile_figure.h"

#include <math.h>

enum { MOST_KEYS = 6 };
#define TAU2 "\xCF\x84\xC2\xB2"
#define DEPTH                                                                          \
    4.0 /* of the plot area below the maximum, by the drop of the interval             \
         */

typedef struct profile_figure {
    const mtp_bundle *bundle;
    const mtp_tau2_curve *curve;
    mtp_frame frame;
} profile_figure;

static const mtp_mode *maximum(const profile_figure *f)
{
    return &f->curve->mode[f->curve->highest];
}

static double cut_of(const profile_figure *f)
{
    return maximum(f)->loglik - f->curve->drop;
}

static bool is_in_range(const profile_figure *f, double tau2)
{
    return tau2 >= f->curve->low && tau2 <= f->curve->high;
}

/* From the maximum down to the lowest point of the curve, or as far below the cut as
 * makes the modes and the interval readable. */
static bool choose_y(profile_figure *f, mtp_arena *arena)
{
    const mtp_tau2_curve *curve = f->curve;
    double none[] = {(double)NAN, (double)NAN}, value[2], lowest = cut_of(f);
    double deepest = maximum(f)->loglik - DEPTH * curve->drop;
    mtp_axis_data data = {2, none, value, none, -(double)INFINITY, (double)INFINITY};

    for (size_t i = 0; i < curve->n; i++) {
        lowest = fmin(lowest, curve->point[i].loglik);
    }
    for (size_t i = 0; i < curve->n_modes; i++) {
        deepest = fmin(deepest, curve->mode[i].loglik - 0.5 * curve->drop);
    }
    value[0] = fmax(lowest, deepest);
    value[1] = maximum(f)->loglik;
    return mtp_axis_choose(&data, arena, &f->frame.y);
}

/* The interval, as far as it lies in the range. */
static void draw_interval(const profile_figure *f)
{
    const mtp_tau2_curve *curve = f->curve;
    const mtp_box *plot = &f->frame.plot;

    for (size_t i = 0; i < curve->interval.n_segments; i++) {
        const double *end = curve->interval.segments[i];

        if (end[0] < curve->high && end[1] > curve->low) {
            mtp_scene_rect(
                f->frame.scene, MTP_MARK_BEYOND, MTP_NO_ROW,
                (mtp_point){mtp_axis_place(&f->frame.x, end[0]), plot->top},
                (mtp_point){mtp_axis_place(&f->frame.x, end[1]), plot->bottom});
        }
    }
}

static void draw_cut(const profile_figure *f)
{
    double y = mtp_axis_place(&f->frame.y, cut_of(f));

    mtp_scene_line(f->frame.scene, MTP_MARK_LIMIT, MTP_NO_ROW,
                   (mtp_point){f->frame.plot.left, y},
                   (mtp_point){f->frame.plot.right, y});
}

/* Where the curve between two points crosses the lower end of the axis. */
static mtp_point crossing(const profile_figure *f, const mtp_mode *a, const mtp_mode *b)
{
    double share = (f->frame.y.low - a->loglik) / (b->loglik - a->loglik);

    return mtp_frame_place(&f->frame, a->tau2 + share * (b->tau2 - a->tau2),
                           f->frame.y.low);
}

/* The curve, cut where it leaves the plot area. */
static void draw_curve(const profile_figure *f)
{
    const mtp_tau2_curve *curve = f->curve;
    mtp_point *path = MTP_ARENA_ARRAY(f->frame.scene->arena, curve->n + 2, mtp_point);
    double low = f->frame.y.low;
    size_t n = 0;

    if (!path) {
        f->frame.scene->failed = true;
        return;
    }
    for (size_t i = 0; i < curve->n; i++) {
        const mtp_mode *at = &curve->point[i];
        bool in = at->loglik >= low, was_in = i > 0 && at[-1].loglik >= low;

        if (i > 0 && in != was_in) {
            path[n++] = crossing(f, &at[-1], at);
        }
        if (in) {
            path[n++] = mtp_frame_place(&f->frame, at->tau2, at->loglik);
        }
        if (!in || i + 1 == curve->n) {
            mtp_scene_path(f->frame.scene, MTP_MARK_CENTER, MTP_NO_ROW, n, path);
            n = 0;
        }
    }
}

static void draw_modes(const profile_figure *f)
{
    for (size_t i = 0; i < f->curve->n_modes; i++) {
        const mtp_mode *mode = &f->curve->mode[i];

        if (is_in_range(f, mode->tau2)) {
            mtp_scene_circle(f->frame.scene,
                             i == f->curve->highest ? MTP_MARK_STUDY : MTP_MARK_FILLED,
                             i, mtp_frame_place(&f->frame, mode->tau2, mode->loglik),
                             2.8);
        }
    }
}

/* The pooling goes by another estimate of tau2 than the maximum of this curve. */
static bool has_own_estimate(const profile_figure *f)
{
    return f->curve->method != (f->curve->restricted ? MTP_TAU2_REML : MTP_TAU2_ML);
}

static void draw_own_estimate(const profile_figure *f)
{
    double x = mtp_axis_place(&f->frame.x, f->curve->tau2);

    if (has_own_estimate(f) && is_in_range(f, f->curve->tau2)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_POOLED, MTP_NO_ROW,
                       (mtp_point){x, f->frame.plot.top},
                       (mtp_point){x, f->frame.plot.bottom});
    }
}

/* Words */

static const char *likelihood_name(const profile_figure *f)
{
    return f->curve->restricted ? "REML" : "ML";
}

static const char *interval_words(const profile_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_tau2_bounds *interval = &f->curve->interval;
    const char *text = mtp_scene_printf(scene, "%s%% profile-likelihood interval:",
                                        mtp_figure_level(scene, f->curve->level));

    for (size_t i = 0; i < interval->n_segments; i++) {
        text = mtp_scene_printf(
            scene, "%s%s %s to %s", text, i > 0 ? " and" : "",
            mtp_figure_variance(scene, interval->segments[i][0]),
            isinf(interval->segments[i][1])
                ? "no end"
                : mtp_figure_variance(scene, interval->segments[i][1]));
    }
    return text;
}

static size_t list_keys(const profile_figure *f, mtp_frame_key key[MOST_KEYS])
{
    const mtp_tau2_curve *curve = f->curve;
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    key[n++] =
        (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_STUDY,
                        mtp_scene_printf(scene, "Maximum (%s): " TAU2 "\u00a0=\u00a0%s",
                                         likelihood_name(f),
                                         mtp_figure_variance(scene, maximum(f)->tau2))};
    if (curve->n_modes > 1) {
        key[n++] =
            (mtp_frame_key){MTP_KEY_CIRCLE, MTP_MARK_FILLED, "Further local maximum"};
    }
    if (has_own_estimate(f)) {
        key[n++] = (mtp_frame_key){
            MTP_KEY_LINE, MTP_MARK_POOLED,
            mtp_scene_printf(
                scene, "%s: " TAU2 "\u00a0=\u00a0%s",
                curve->method == MTP_TAU2_GIVEN ? "Given" : mtp_tau2_id(curve->method),
                mtp_figure_variance(scene, curve->tau2))};
    }
    key[n++] =
        (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_LIMIT,
                        mtp_scene_printf(scene, "%s below the maximum",
                                         mtp_figure_number(scene, curve->drop, 2))};
    if (curve->interval.n_segments > 0) {
        key[n++] = (mtp_frame_key){MTP_KEY_BOX, MTP_MARK_BEYOND, interval_words(f)};
    }
    return n;
}

static size_t modes_outside(const profile_figure *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->curve->n_modes; i++) {
        n += !is_in_range(f, f->curve->mode[i].tau2);
    }
    return n;
}

static bool is_cut(const profile_figure *f)
{
    for (size_t i = 0; i < f->curve->n; i++) {
        if (f->curve->point[i].loglik < f->frame.y.low) {
            return true;
        }
    }
    return false;
}

static const char *model_words(const profile_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_tau2_curve *curve = f->curve;
    size_t outside = modes_outside(f);

    return mtp_scene_printf(
        scene,
        "The curve is the %slog-likelihood (%s) at the best mean for each " TAU2
        ". Model: %s. The interval holds every " TAU2 " at which it is at most %s "
        "(half the %s%% quantile of chi-square, 1 df) below the maximum.%s%s%s",
        curve->restricted ? "restricted " : "", likelihood_name(f),
        curve->mixed ? "generalized linear mixed model of one group"
                     : "random effects, inverse variance",
        mtp_figure_number(scene, curve->drop, 3), mtp_figure_level(scene, curve->level),
        curve->n_modes == 1
            ? " The curve has one maximum."
            : mtp_scene_printf(scene,
                               " The curve has %zu local maxima, of which the "
                               "highest is the estimate.",
                               curve->n_modes),
        outside == 0
            ? ""
            : mtp_scene_printf(scene, " %zu of them outside the range drawn.", outside),
        is_cut(f) ? " It goes on below the plot." : "");
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    profile_figure f = {.bundle = bundle,
                        .curve = bundle->tau2_curve,
                        .frame = {.scene = scene, .width = width}};
    mtp_frame_key key[MOST_KEYS];
    const char *paragraph[2];
    double y;

    mtp_axis_between(f.curve->low, f.curve->high, false, &f.frame.x);
    if (!choose_y(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    f.frame.x_title = mtp_scene_printf(scene, "Between-study variance " TAU2 " (%s)",
                                       bundle->measure->scale);
    f.frame.y_title =
        f.curve->restricted ? "Restricted log-likelihood" : "Log-likelihood";
    scene->kind = "profile";
    scene->title = mtp_scene_printf(scene, "Likelihood profile of " TAU2 ": %s, %s",
                                    bundle->measure->natural,
                                    mtp_figure_studies(scene, bundle->n_studies));
    paragraph[0] = model_words(&f);
    paragraph[1] = mtp_figure_source(scene, bundle);
    mtp_frame_open(&f.frame, scene->title);
    draw_interval(&f);
    draw_cut(&f);
    y = mtp_frame_draw_axes(&f.frame);
    draw_own_estimate(&f);
    draw_curve(&f);
    draw_modes(&f);
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    scene->description =
        mtp_scene_printf(scene, "%s. %s. %s. %s", scene->title, key[0].text,
                         interval_words(&f), paragraph[0]);
    mtp_frame_close(&f.frame, 2, paragraph, y);
}

mtp_scene *mtp_profile_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
