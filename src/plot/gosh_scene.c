/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the fits of all subsets: points where there are few, else cells that
 * are darker the more subsets they hold; histograms along both axes. */
#include "metapool/gosh_map.h"
#include "metapool/sensitivity_analysis.h"

#include "plot/forest_text.h"
#include "plot/frame.h"
#include "plot/gosh_figure.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* WIDE: columns from which the horizontal axis ends where they end. */
enum { SHADES = 5, MOST_KEYS = SHADES + 4, PARAGRAPHS = 4, WIDE = 4 };
#define UPPER        34.0 /* height of the histogram above, width of the one beside */
#define GAP          4.0
#define POINT_RADIUS 1.7
#define LEAST_BAR    2.0   /* where all subsets say the same, a cell has no width */
#define LONGEST_NAME 150.0 /* of a study in keys and in small print */

static const mtp_mark shades[SHADES] = {MTP_MARK_DENSITY_1, MTP_MARK_DENSITY_2,
                                        MTP_MARK_DENSITY_3, MTP_MARK_DENSITY_4,
                                        MTP_MARK_DENSITY_5};

typedef struct gosh_figure {
    const mtp_bundle *bundle;
    const mtp_gosh_map *map;
    mtp_frame frame;
    bool log;               /* the estimates are logarithms */
    uint64_t least[SHADES]; /* subsets from which a cell has each shade; 0: none has */
    const char *study;      /* the highlighted one, cut */
} gosh_figure;

static double shown(const gosh_figure *f, double estimate)
{
    return f->log ? exp(estimate) : estimate;
}

static double column_start(const gosh_figure *f, size_t column)
{
    return (double)(f->map->x.first + (int64_t)column) * f->map->x.width;
}

static double row_start(const gosh_figure *f, size_t row)
{
    return (double)(f->map->y.first + (int64_t)row) * f->map->y.width;
}

static double across(const gosh_figure *f, size_t column)
{
    return mtp_axis_place(&f->frame.x, shown(f, column_start(f, column)));
}

static double upwards(const gosh_figure *f, size_t row)
{
    return mtp_axis_place(&f->frame.y, row_start(f, row));
}

/* The axes hold all cells, and the fit of all studies; fmin and fmax pass over NaN. */
static bool choose_axes(gosh_figure *f, mtp_arena *arena)
{
    const mtp_gosh_map *map = f->map;
    double none[3] = {(double)NAN, (double)NAN, (double)NAN};
    double x[3] = {shown(f, column_start(f, 0)), shown(f, column_start(f, map->x.n)),
                   shown(f, map->estimate)};
    double y[3] = {row_start(f, 0), row_start(f, map->y.n), map->value};
    mtp_axis_data across_data = {3, none, x, none, -(double)INFINITY, (double)INFINITY};
    mtp_axis_data up_data = {3, none, y, none, 0.0, (double)INFINITY};

    if (map->axis == MTP_GOSH_I2) { /* the last cell may end beyond 100 */
        y[1] = fmin(y[1], 100.0);
        up_data.most = 100.0;
    }
    if (map->x.n >= WIDE) {
        double margin = map->x.width;
        double low = fmin(column_start(f, 0), map->estimate) - margin;
        double high = fmax(column_start(f, map->x.n), map->estimate) + margin;

        mtp_axis_between(shown(f, low), shown(f, high), f->log, &f->frame.x);
        return mtp_axis_choose(&up_data, arena, &f->frame.y);
    }
    return (f->log ? mtp_axis_choose_ratio : mtp_axis_choose)(&across_data, arena,
                                                              &f->frame.x) &&
           mtp_axis_choose(&up_data, arena, &f->frame.y);
}

/* Room for the histograms above and beside the plot area. */
static void make_room(mtp_frame *frame)
{
    mtp_frame_set_width(frame, frame->plot.right - frame->plot.left - UPPER - GAP);
    frame->plot.top += UPPER;
    frame->plot.bottom += UPPER;
    frame->y.left = frame->plot.bottom;
    frame->y.right = frame->plot.top;
}

/* Shades: even steps of the logarithm, from 1 to the fullest cell. */
static void choose_shades(gosh_figure *f)
{
    uint64_t most = 1, last = 0;

    for (size_t i = 0; i < f->map->x.n * f->map->y.n; i++) {
        most = f->map->count[i] > most ? f->map->count[i] : most;
    }
    for (size_t s = 0; s < SHADES; s++) {
        uint64_t from = (uint64_t)ceil(pow((double)most, (double)s / SHADES) - 1e-9);

        f->least[s] = from > last && from <= most ? from : 0;
        last = f->least[s] > 0 ? f->least[s] : last;
    }
}

static size_t shade_of(const gosh_figure *f, uint64_t count)
{
    size_t shade = 0;

    for (size_t s = 1; s < SHADES; s++) {
        shade = f->least[s] > 0 && count >= f->least[s] ? s : shade;
    }
    return shade;
}

/* More than half of a cell's subsets hold the highlighted study. */
static bool mostly_with(const gosh_figure *f, size_t cell)
{
    return f->map->highlight &&
           f->map->with[cell] > f->map->count[cell] - f->map->with[cell];
}

/* Cells side by side that look alike are one box. */
static void draw_run(const gosh_figure *f, size_t row, size_t from, size_t to)
{
    size_t cell = row * f->map->x.n + from;
    size_t shade = shade_of(f, f->map->count[cell]);
    double top = upwards(f, row + 1), bottom = upwards(f, row);

    mtp_scene_rect(f->frame.scene, shades[shade], MTP_NO_ROW,
                   (mtp_point){across(f, from), top},
                   (mtp_point){across(f, to), bottom});
    if (mostly_with(f, cell)) {
        double y = 0.5 * (top + bottom);

        mtp_scene_line(
            f->frame.scene, shade >= 3 ? MTP_MARK_HATCH_LIGHT : MTP_MARK_HATCH_DARK,
            MTP_NO_ROW, (mtp_point){across(f, from), y}, (mtp_point){across(f, to), y});
    }
}

static bool look_alike(const gosh_figure *f, size_t a, size_t b)
{
    return f->map->count[b] > 0 &&
           shade_of(f, f->map->count[a]) == shade_of(f, f->map->count[b]) &&
           mostly_with(f, a) == mostly_with(f, b);
}

static void draw_cells(const gosh_figure *f)
{
    const mtp_gosh_map *map = f->map;

    for (size_t row = 0; row < map->y.n; row++) {
        size_t first = row * map->x.n;

        for (size_t from = 0, to; from < map->x.n; from = to) {
            to = from + 1;
            if (map->count[first + from] > 0) {
                while (to < map->x.n && look_alike(f, first + from, first + to)) {
                    to++;
                }
                draw_run(f, row, from, to);
            }
        }
    }
}

/* Those without the highlighted study lie below the others. */
static void draw_points(const gosh_figure *f)
{
    for (int with = 0; with < 2; with++) {
        for (size_t i = 0; i < f->map->n_points; i++) {
            const mtp_gosh_point *point = &f->map->point[i];

            if (point->with == (with == 1)) {
                mtp_scene_circle(
                    f->frame.scene,
                    with || !f->map->highlight ? MTP_MARK_STUDY : MTP_MARK_FILLED, i,
                    mtp_frame_place(&f->frame, shown(f, point->estimate), point->value),
                    POINT_RADIUS);
            }
        }
    }
}

/* Histograms: of the columns above, of the rows beside. */

typedef struct bar {
    uint64_t all, with;
} bar;

static bar sum_of(const gosh_figure *f, bool column, size_t at)
{
    const mtp_gosh_map *map = f->map;
    bar sum = {0, 0};

    for (size_t i = 0; i < (column ? map->y.n : map->x.n); i++) {
        size_t cell = column ? i * map->x.n + at : at * map->x.n + i;

        sum.all += map->count[cell];
        sum.with += map->with[cell];
    }
    return sum;
}

static void draw_bar(const gosh_figure *f, bool column, size_t at, mtp_mark mark,
                     double length)
{
    const mtp_box *plot = &f->frame.plot;
    double from = column ? across(f, at) : upwards(f, at + 1);
    double to = column ? across(f, at + 1) : upwards(f, at);
    double more = fmax(0.5 * (LEAST_BAR - (to - from)), 0.0);

    from -= more;
    to += more;
    if (!(length > 0.0)) {
        return;
    }
    if (column) {
        mtp_scene_rect(f->frame.scene, mark, MTP_NO_ROW,
                       (mtp_point){from, plot->top - GAP - length},
                       (mtp_point){to, plot->top - GAP});
    } else {
        mtp_scene_rect(f->frame.scene, mark, MTP_NO_ROW,
                       (mtp_point){plot->right + GAP, from},
                       (mtp_point){plot->right + GAP + length, to});
    }
}

static void draw_histogram(const gosh_figure *f, bool column)
{
    size_t n = column ? f->map->x.n : f->map->y.n;
    uint64_t most = 1;

    for (size_t i = 0; i < n; i++) {
        bar sum = sum_of(f, column, i);

        most = sum.all > most ? sum.all : most;
    }
    for (size_t i = 0; i < n; i++) {
        bar sum = sum_of(f, column, i);
        double unit = (UPPER - GAP) / (double)most;

        draw_bar(f, column, i, MTP_MARK_DENSITY_2, unit * (double)sum.all);
        draw_bar(f, column, i, MTP_MARK_DENSITY_5, unit * (double)sum.with);
    }
}

static void draw_all_studies(const gosh_figure *f)
{
    const mtp_box *plot = &f->frame.plot;
    mtp_point at =
        mtp_frame_place(&f->frame, shown(f, f->map->estimate), f->map->value);

    if (isfinite(f->map->estimate)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_POOLED, MTP_NO_ROW,
                       (mtp_point){at.x, plot->top}, (mtp_point){at.x, plot->bottom});
    }
    if (isfinite(f->map->value)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_POOLED, MTP_NO_ROW,
                       (mtp_point){plot->left, at.y}, (mtp_point){plot->right, at.y});
    }
}

/* Words */

static const char *figure_text(const gosh_figure *f, double value)
{
    return f->map->axis == MTP_GOSH_I2
               ? mtp_scene_printf(f->frame.scene, "I\u00b2\u00a0=\u00a0%s%%",
                                  mtp_figure_number(f->frame.scene, value, 1))
               : mtp_scene_printf(
                     f->frame.scene, "%s\u00a0=\u00a0%s",
                     f->map->axis == MTP_GOSH_Q ? "Q" : "\u03c4\u00b2",
                     mtp_figure_number(f->frame.scene, value, MTP_FIGURE_SIGNIFICANT));
}

static size_t shade_keys(const gosh_figure *f, mtp_frame_key key[])
{
    mtp_scene *scene = f->frame.scene;
    size_t n = 0;

    for (size_t s = 0; s < SHADES; s++) {
        uint64_t next = 0;

        for (size_t t = SHADES; t-- > s + 1;) {
            next = f->least[t] > 0 ? f->least[t] : next;
        }
        if (f->least[s] > 0) {
            key[n++] = (mtp_frame_key){
                MTP_KEY_BOX, shades[s],
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

static size_t list_keys(const gosh_figure *f, mtp_frame_key key[MOST_KEYS])
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
                             mtp_figure_number(scene, shown(f, f->map->estimate),
                                               MTP_FIGURE_SIGNIFICANT),
                             figure_text(f, f->map->value))};
    }
    return n;
}

static const char *subset_words(const gosh_figure *f)
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

static const char *highlight_words(const gosh_figure *f)
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
static const char *outlier_words(const gosh_figure *f)
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

static const char *x_title(const gosh_figure *f)
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

static void describe(gosh_figure *f, const char *paragraph[PARAGRAPHS])
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

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    gosh_figure f = {.bundle = bundle,
                     .map = bundle->gosh_map,
                     .frame = {.scene = scene, .width = width},
                     .log = strcmp(bundle->measure->inverse, "exponential") == 0};
    const char *paragraph[PARAGRAPHS];
    mtp_frame_key key[MOST_KEYS];
    double y;

    if (!choose_axes(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    choose_shades(&f);
    describe(&f, paragraph);
    f.frame.x_title = x_title(&f);
    f.frame.y_title = mtp_gosh_axis_label(f.map->axis);
    mtp_frame_open(&f.frame, scene->title);
    make_room(&f.frame);
    if (f.map->n_points == 0) {
        draw_cells(&f);
    }
    draw_histogram(&f, true);
    draw_histogram(&f, false);
    draw_all_studies(&f);
    y = mtp_frame_draw_axes(&f.frame);
    draw_points(&f);
    y = mtp_frame_draw_keys(&f.frame, list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_gosh_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
