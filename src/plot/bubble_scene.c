/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a bubble plot: studies over a moderator, and what the regression
 * predicts. */
#include "plot/bubble_figure.h"
#include "plot/forest_text.h"
#include "plot/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST  9.0 /* radius of a bubble, fewer than 60 being there */
#define SMALLEST 0.9
#define COLUMN   0.4  /* of a level: half its width, by the distance of two */
#define SIDES    80.0 /* beside the plot area */
#define CORNERS  1.3  /* of a shape, by the radius of the circle of its area */
enum { MOST_KEYS = MTP_BUBBLE_GROUPS + 4, PARAGRAPHS = 4 };

typedef struct bubble_figure {
    const mtp_bundle *bundle;
    const mtp_bubble *bubble;
    mtp_frame frame;
    mtp_frame_ticks levels;
    bool numbered; /* levels have numbers, which the text below explains */
    bool clipped;  /* a band goes beyond the axis */
    bool floored;  /* some bubbles would have been too small to be seen */
} bubble_figure;

static const mtp_regress_prediction *mean_at(const bubble_figure *f, size_t i)
{
    return &f->bundle->regression->predictions[i].value;
}

static size_t count_means(const bubble_figure *f)
{
    return f->bundle->regression->n_predictions;
}

static mtp_point place(const bubble_figure *f, double x, double y)
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
static bool choose_y(bubble_figure *f, mtp_arena *arena)
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
        const mtp_regress_prediction *mean = mean_at(f, i);

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
static bool choose_levels(bubble_figure *f, mtp_scene *scene)
{
    size_t n = f->bubble->n_levels;
    double *at = MTP_ARENA_ARRAY(scene->arena, n, double);
    const char **label = MTP_ARENA_ARRAY(scene->arena, n, const char *);
    double size = mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size;
    double room = (f->frame.width - SIDES) / (double)n - 6.0;

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

static bool choose_x(bubble_figure *f, mtp_scene *scene)
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

static bool is_beyond(const bubble_figure *f, double y)
{
    double slack = 1e-9 * (f->frame.y.high - f->frame.y.low);

    return y < f->frame.y.low - slack || y > f->frame.y.high + slack;
}

/* The outline of a band: upper limits forwards, lower limits backwards. */
static void draw_band(const bubble_figure *f, mtp_mark mark, const double lower[],
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

static void draw_bands(const bubble_figure *f)
{
    double lower[2][MTP_BUBBLE_PLACES], upper[2][MTP_BUBBLE_PLACES];
    size_t n = count_means(f);

    for (size_t i = 0; i < n; i++) {
        const mtp_regress_prediction *mean = mean_at(f, i);

        lower[0][i] = mean->back.pi_lower;
        upper[0][i] = mean->back.pi_upper;
        lower[1][i] = mean->back.ci_lower;
        upper[1][i] = mean->back.ci_upper;
    }
    draw_band(f, MTP_MARK_BAND_PREDICTION, lower[0], upper[0]);
    draw_band(f, MTP_MARK_BAND_MEAN, lower[1], upper[1]);
}

static void draw_box(const bubble_figure *f, mtp_mark mark, double x, double lower,
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
static void draw_boxes(const bubble_figure *f, size_t i)
{
    const mtp_regress_prediction *mean = mean_at(f, i);
    double x = f->bubble->line_x[i];

    draw_box(f, MTP_MARK_BAND_PREDICTION, x, mean->back.pi_lower, mean->back.pi_upper);
    draw_box(f, MTP_MARK_BAND_MEAN, x, mean->back.ci_lower, mean->back.ci_upper);
}

static void draw_intervals(bubble_figure *f)
{
    for (size_t i = 0; i < count_means(f); i++) {
        const mtp_regress_prediction *mean = mean_at(f, i);

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
static void draw_means(const bubble_figure *f)
{
    mtp_point line[MTP_BUBBLE_PLACES];
    size_t n = count_means(f);

    for (size_t i = 0; i < n; i++) {
        double x = f->bubble->line_x[i], y = mean_at(f, i)->back.estimate;

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
    if (!f->bubble->factor && !isnan(mean_at(f, 0)->back.estimate)) {
        mtp_scene_path(f->frame.scene, MTP_MARK_REGRESSION, MTP_NO_ROW, n, line);
    }
}

/* Bubbles */

/* The largest radius, by the number of studies and the room of a level. */
static double largest_radius(const bubble_figure *f)
{
    double n = (double)f->bundle->n_studies;
    double radius = strcmp(f->bubble->area, "even") == 0
                        ? mtp_frame_radius(f->bundle->n_studies)
                        : fmin(fmax(LARGEST * sqrt(sqrt(60.0 / n)), 4.0), LARGEST);
    double column = (f->frame.width - SIDES) / (double)f->bubble->n_levels;

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

static mtp_bubble_mark *list_marks(bubble_figure *f, size_t n)
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

static void draw_bubbles(bubble_figure *f)
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

/* Words */

static const char *area_words(const bubble_figure *f)
{
    const char *area = f->bubble->area;

    return strcmp(area, "weight") == 0 ? "area by weight in the regression"
           : strcmp(area, "n") == 0    ? "area by sample size"
           : strcmp(area, "time") == 0 ? "area by person-time"
                                       : "all of one size";
}

static size_t list_keys(const bubble_figure *f, mtp_frame_key key[MOST_KEYS])
{
    mtp_scene *scene = f->frame.scene;
    const mtp_regress_prediction *mean = mean_at(f, 0);
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
static const char *spread_words(const bubble_figure *f)
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

static const char *model_words(const bubble_figure *f)
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
        isnan(mean_at(f, 0)->ci_lower) ? " (there are none: no degree of freedom)"
                                       : "");
}

static const char *other_words(const bubble_figure *f)
{
    return f->bubble->held[0] ? mtp_scene_printf(f->frame.scene, "Predicted with %s. ",
                                                 f->bubble->held)
                              : "";
}

static const char *point_words(const bubble_figure *f)
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
static const char *level_words(const bubble_figure *f)
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
static const char *x_title(const bubble_figure *f)
{
    double width = mtp_text_width(f->bubble->across,
                                  mtp_mark_get(MTP_MARK_AXIS_TITLE)->text_size, false);

    return width < f->frame.width - SIDES ? f->bubble->across
                                          : "Moderator named in the title";
}

static void describe(bubble_figure *f, const char *paragraph[PARAGRAPHS])
{
    mtp_scene *scene = f->frame.scene;

    paragraph[0] = mtp_scene_printf(scene, "%s %s", model_words(f), other_words(f));
    paragraph[1] = point_words(f);
    paragraph[2] = level_words(f);
    paragraph[3] = mtp_figure_source(scene, f->bundle);
    scene->description = mtp_scene_printf(scene, "%s. %s %s %s", scene->title,
                                          paragraph[0], paragraph[1], paragraph[2]);
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    bubble_figure f = {.bundle = bundle,
                       .bubble = bundle->bubble,
                       .frame = {.scene = scene, .width = width}};
    mtp_frame_key key[MOST_KEYS];
    const char *paragraph[PARAGRAPHS];
    double y;

    if (!choose_x(&f, scene) || !choose_y(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    scene->kind = "bubble";
    scene->title = mtp_scene_printf(scene, "Bubble plot: %s by %s, %s",
                                    bundle->measure->natural, f.bubble->across,
                                    mtp_figure_studies(scene, bundle->n_studies));
    f.frame.x_title = x_title(&f);
    f.frame.y_title = mtp_scene_printf(scene, "%s%s", mtp_forest_natural(scene, bundle),
                                       is_ratio(bundle) ? " (log scale)" : "");
    f.frame.inset = largest_radius(&f) + 1.5;
    mtp_frame_open(&f.frame, scene->title);
    draw_intervals(&f);
    y = mtp_frame_draw_axes(&f.frame);
    draw_bubbles(&f);
    describe(&f, paragraph);
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_bubble_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
