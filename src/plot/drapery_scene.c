/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a drapery plot. */
#include "num/dist.h"
#include "plot/drapery_figure.h"
#include "plot/forest_text.h"
#include "plot/frame.h"

#include <math.h>
#include <string.h>

enum { POINTS = 160, MANY = 100, MOST_TICKS = 24, MOST_KEYS = 6, PARAGRAPHS = 3 };

typedef struct drapery_figure {
    const mtp_bundle *bundle;
    mtp_drapery drapery;
    mtp_frame frame;
    mtp_frame_ticks left, right;
    double at[MOST_TICKS];
    const char *p_label[MOST_TICKS], *level_label[MOST_TICKS];
} drapery_figure;

/* What stands upwards: p, or the normal quantile of p, from 0 at the top. */
static double height(const drapery_figure *f, double tail)
{
    return f->bundle->drapery_quantiles ? mtp_normal_upper_quantile(tail) : 2.0 * tail;
}

static double shown(const drapery_figure *f, const mtp_drape *curve, double effect)
{
    return mtp_drape_back(f->bundle, curve, effect);
}

static bool is_log(const mtp_bundle *bundle)
{
    return strcmp(bundle->measure->inverse, "exponential") == 0;
}

/* The axes */

/* Room for all estimates, and for the intervals of the level as far as they do not
 * squeeze these. */
static bool choose_x(drapery_figure *f, mtp_arena *arena)
{
    const mtp_drapery *drapery = &f->drapery;
    const mtp_measure_info *measure = f->bundle->measure;
    size_t n = drapery->n;
    double *lower = MTP_ARENA_ARRAY(arena, n, double);
    double *value = MTP_ARENA_ARRAY(arena, n, double);
    double *upper = MTP_ARENA_ARRAY(arena, n, double);
    mtp_axis_data data = {n, lower, value, upper, measure->lower, measure->upper};

    if (!lower || !value || !upper) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const mtp_drape *curve = &drapery->curve[i];
        double reach = mtp_drape_reach(drapery, curve, drapery->at_level);

        lower[i] = shown(f, curve, curve->estimate - reach);
        value[i] = shown(f, curve, curve->estimate);
        upper[i] = shown(f, curve, curve->estimate + reach);
    }
    return (is_log(f->bundle) ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena,
                                                                         &f->frame.x);
}

/* "0.05" and "95%" of a p-value. */
static void add_tick(drapery_figure *f, double p)
{
    mtp_scene *scene = f->frame.scene;
    size_t n = f->left.n++;

    f->at[n] = height(f, 0.5 * p);
    f->p_label[n] = mtp_figure_given(scene, p);
    f->level_label[n] =
        mtp_scene_printf(scene, "%s%%", mtp_figure_level(scene, 1.0 - p));
}

static void choose_y(drapery_figure *f)
{
    static const double even[] = {0.0, 0.2, 0.4, 0.6, 0.8, 1.0};
    static const double quantiles[] = {1.0, 0.5, 0.2, 0.1, 0.05, 0.01};
    bool z = f->bundle->drapery_quantiles;

    for (size_t i = 0; i < 6; i++) {
        add_tick(f, z ? quantiles[i] : even[i]);
    }
    for (double p = 1e-3;
         z && p >= 2.0 * f->drapery.tail[f->drapery.n_tails - 1] && p > 1e-10;
         p *= 0.1) {
        add_tick(f, p);
    }
    f->right = f->left;
    f->left.at = f->right.at = f->at;
    f->left.label = f->p_label;
    f->right.label = f->level_label;
    mtp_axis_between(0.0, z ? f->drapery.quantile[f->drapery.n_tails - 1] : 1.0, false,
                     &f->frame.y);
    f->frame.y_down = z;
    f->frame.y_ticks = &f->left;
    f->frame.right_ticks = &f->right;
}

/* Curves */

static bool is_within(const drapery_figure *f, double x)
{
    return x >= f->frame.x.low && x <= f->frame.x.high;
}

/* The side of a curve from its top down to its end, or to the edge of the plot area
 * that it leaves by: point[n++]. */
static void trace(const drapery_figure *f, const mtp_drape *curve, double side,
                  mtp_point point[], size_t *n)
{
    const mtp_drapery *drapery = &f->drapery;

    for (size_t i = 0; i < drapery->n_tails; i++) {
        double tail = drapery->tail[i];
        double effect = curve->estimate + side * mtp_drape_reach(drapery, curve, i);
        double x = shown(f, curve, effect);

        if (!is_within(f, x)) {
            x = side < 0.0 ? f->frame.x.low : f->frame.x.high;
            effect = mtp_forward_transform(f->bundle->measure->measure, x, curve->ft_n);
            tail = 0.5 * mtp_drape_p(curve, effect);
            if (!(tail > 0.0)) {
                return;
            }
            i = drapery->n_tails;
        }
        point[(*n)++] = mtp_frame_place(&f->frame, x, height(f, tail));
    }
}

/* From left to right over the top. */
static size_t outline(const drapery_figure *f, const mtp_drape *curve,
                      mtp_point point[POINTS])
{
    mtp_point left[POINTS];
    size_t n_left = 0, n = 0;

    trace(f, curve, -1.0, left, &n_left);
    while (n_left > 0) {
        point[n++] = left[--n_left];
    }
    n -= n > 0; /* the top belongs to both sides */
    trace(f, curve, 1.0, point, &n);
    return n;
}

static const mtp_drape *find(const drapery_figure *f, mtp_drape_kind kind)
{
    for (size_t i = 0; i < f->drapery.n; i++) {
        if (f->drapery.curve[i].kind == kind) {
            return &f->drapery.curve[i];
        }
    }
    return NULL;
}

static void draw_curve(const drapery_figure *f, mtp_mark mark, const mtp_drape *curve)
{
    mtp_point point[POINTS];

    if (curve) {
        size_t n = outline(f, curve, point);

        mtp_scene_path(f->frame.scene, mark, curve->study, n, point);
    }
}

/* Under the curve of the prediction. */
static void draw_range(const drapery_figure *f)
{
    const mtp_drape *curve = find(f, MTP_DRAPE_PREDICTION);
    mtp_point point[POINTS + 2];
    size_t n;

    if (curve) {
        n = outline(f, curve, point);
        point[n] = (mtp_point){point[n - 1].x, f->frame.plot.bottom};
        point[n + 1] = (mtp_point){point[0].x, f->frame.plot.bottom};
        mtp_scene_region(f->frame.scene, MTP_MARK_DRAPE_PREDICTION, MTP_NO_ROW, n + 2,
                         point);
    }
}

/* Curves of so many studies hide what lies under them. */
static bool is_many(const drapery_figure *f)
{
    return f->bundle->n_studies >= MANY;
}

static mtp_mark study_mark(const drapery_figure *f)
{
    return is_many(f) ? MTP_MARK_DRAPE_MANY : MTP_MARK_DRAPE_STUDY;
}

/* Across at the p of the level, and upwards at the hypothesis. */
static void draw_lines(const drapery_figure *f)
{
    const mtp_box *plot = &f->frame.plot;
    double tail = f->drapery.tail[f->drapery.at_level];
    double y = mtp_axis_place(&f->frame.y, height(f, tail));
    double null_value = mtp_forest_null(f->bundle);
    double x = mtp_axis_place(&f->frame.x, null_value);

    mtp_scene_line(f->frame.scene, MTP_MARK_LIMIT, MTP_NO_ROW,
                   (mtp_point){plot->left, y}, (mtp_point){plot->right, y});
    if (is_within(f, null_value)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_NULL, MTP_NO_ROW,
                       (mtp_point){x, plot->top}, (mtp_point){x, plot->bottom});
    }
}

static void draw_curves(const drapery_figure *f)
{
    for (size_t i = 0; i < f->drapery.n; i++) {
        if (f->drapery.curve[i].kind == MTP_DRAPE_STUDY) {
            draw_curve(f, study_mark(f), &f->drapery.curve[i]);
        }
    }
    draw_lines(f);
    draw_curve(f, MTP_MARK_DRAPE_RANGE, find(f, MTP_DRAPE_PREDICTION));
    draw_curve(f, MTP_MARK_DRAPE_RANDOM, find(f, MTP_DRAPE_RANDOM));
    draw_curve(f, MTP_MARK_DRAPE_COMMON, find(f, MTP_DRAPE_COMMON));
}

/* Words */

/* "Random effects 0.068 [0.058, 0.080]"; a prediction has limits alone. */
static const char *curve_words(const drapery_figure *f, const mtp_drape *curve,
                               const char *name)
{
    mtp_scene *scene = f->frame.scene;
    double reach = mtp_drape_reach(&f->drapery, curve, f->drapery.at_level);
    double lower = shown(f, curve, curve->estimate - reach);
    double upper = shown(f, curve, curve->estimate + reach);
    double estimate = shown(f, curve, curve->estimate);
    int decimals = fabs(estimate) < 0.1 && estimate != 0.0 ? 4 : 3;

    return mtp_scene_printf(scene, "%s %s%s%s", name,
                            curve->kind == MTP_DRAPE_PREDICTION
                                ? ""
                                : mtp_figure_number(scene, estimate, decimals),
                            curve->kind == MTP_DRAPE_PREDICTION ? "" : " ",
                            mtp_figure_limits(scene, lower, upper, decimals));
}

static const char *level_words(const drapery_figure *f)
{
    mtp_scene *scene = f->frame.scene;

    return mtp_scene_printf(
        scene, "%s%% intervals, p = %s", mtp_figure_level(scene, f->bundle->level),
        mtp_figure_given(scene, 2.0 * f->drapery.tail[f->drapery.at_level]));
}

static size_t list_keys(const drapery_figure *f, mtp_frame_key key[MOST_KEYS])
{
    static const struct {
        mtp_drape_kind kind;
        mtp_key_kind shape;
        mtp_mark mark;
        const char *name;
    } pooled[] = {
        {MTP_DRAPE_COMMON, MTP_KEY_LINE, MTP_MARK_DRAPE_COMMON, "Common effect"},
        {MTP_DRAPE_RANDOM, MTP_KEY_LINE, MTP_MARK_DRAPE_RANDOM, "Random effects"},
        {MTP_DRAPE_PREDICTION, MTP_KEY_BOX, MTP_MARK_DRAPE_PREDICTION, "Prediction"}};
    size_t n = 0;

    key[n++] = (mtp_frame_key){MTP_KEY_LINE, study_mark(f), "Study"};
    for (size_t i = 0; i < sizeof pooled / sizeof pooled[0]; i++) {
        const mtp_drape *curve = find(f, pooled[i].kind);

        if (curve) {
            bool range = curve->kind == MTP_DRAPE_PREDICTION && is_many(f);

            key[n++] = range ? (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_DRAPE_RANGE, ""}
                             : (mtp_frame_key){pooled[i].shape, pooled[i].mark, ""};
            key[n - 1].text = curve_words(f, curve, pooled[i].name);
        }
    }
    key[n++] = (mtp_frame_key){MTP_KEY_LINE, MTP_MARK_LIMIT, level_words(f)};
    return n;
}

static const char *model_words(const drapery_figure *f)
{
    mtp_scene *scene = f->frame.scene;
    const mtp_pooled *overall = &f->bundle->pool->overall;

    if (!find(f, MTP_DRAPE_RANDOM)) {
        return "No pooled estimate by random effects exists.";
    }
    return mtp_scene_printf(
        scene, "Random effects: %s, interval by %s%s%s. %s",
        mtp_method_label(overall->fit.method), mtp_ci_label(overall->random.ci.method),
        find(f, MTP_DRAPE_PREDICTION) ? "; prediction: " : "",
        find(f, MTP_DRAPE_PREDICTION) ? mtp_pi_label(overall->random.pi.method) : "",
        mtp_forest_heterogeneity(scene, overall, false));
}

static void describe(const drapery_figure *f, const char *paragraph[PARAGRAPHS])
{
    mtp_scene *scene = f->frame.scene;

    paragraph[0] = mtp_scene_printf(
        scene,
        "Each curve gives the two-sided p-value of every value of the effect. Its "
        "width at "
        "a p-value is a confidence interval, of the level on the right. Studies: by "
        "their standard errors and the normal distribution.%s",
        f->bundle->drapery_quantiles ? " p-values are as far apart as their normal "
                                       "quantiles."
                                     : "");
    paragraph[1] = model_words(f);
    paragraph[2] = mtp_figure_source(scene, f->bundle);
    scene->description =
        mtp_scene_printf(scene, "%s. %s %s", scene->title, paragraph[0], paragraph[1]);
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    drapery_figure f = {.bundle = bundle, .frame = {.scene = scene, .width = width}};
    mtp_frame_key key[MOST_KEYS];
    const char *paragraph[PARAGRAPHS];
    double y;

    if (!mtp_drapery_make(bundle, scene->arena, &f.drapery) ||
        !choose_x(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    scene->kind = "drapery";
    scene->title =
        mtp_scene_printf(scene, "Drapery plot: %s, %s", bundle->measure->natural,
                         mtp_figure_studies(scene, bundle->n_studies));
    choose_y(&f);
    f.frame.x_title = mtp_scene_printf(scene, "%s%s", mtp_forest_natural(scene, bundle),
                                       is_log(bundle) ? " (log scale)" : "");
    f.frame.y_title = "p-value (left), confidence level (right)";
    mtp_frame_open(&f.frame, scene->title);
    draw_range(&f);
    draw_curves(&f);
    y = mtp_frame_draw_axes(&f.frame);
    describe(&f, paragraph);
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_drapery_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
