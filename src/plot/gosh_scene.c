/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the fits of all subsets: points where there are few, else cells that
 * are darker the more subsets they hold; histograms along both axes. */
#include "plot/gosh_scene.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4 }; /* columns from which the horizontal axis ends where they end */

#define UPPER        34.0 /* height of the histogram above, width of the one beside */
#define GAP          4.0
#define POINT_RADIUS 1.7
#define LEAST_BAR    2.0 /* where all subsets say the same, a cell has no width */

mtp_mark mtp_gosh_shade(size_t shade)
{
    static const mtp_mark shades[MTP_GOSH_SHADES] = {
        MTP_MARK_DENSITY_1, MTP_MARK_DENSITY_2, MTP_MARK_DENSITY_3, MTP_MARK_DENSITY_4,
        MTP_MARK_DENSITY_5};

    return shades[shade];
}

double mtp_gosh_shown(const mtp_gosh_figure *f, double estimate)
{
    return f->log ? exp(estimate) : estimate;
}

static double column_start(const mtp_gosh_figure *f, size_t column)
{
    return (double)(f->map->x.first + (int64_t)column) * f->map->x.width;
}

static double row_start(const mtp_gosh_figure *f, size_t row)
{
    return (double)(f->map->y.first + (int64_t)row) * f->map->y.width;
}

static double across(const mtp_gosh_figure *f, size_t column)
{
    return mtp_axis_place(&f->frame.x, mtp_gosh_shown(f, column_start(f, column)));
}

static double upwards(const mtp_gosh_figure *f, size_t row)
{
    return mtp_axis_place(&f->frame.y, row_start(f, row));
}

/* The axes hold all cells, and the fit of all studies; fmin and fmax pass over NaN. */
static bool choose_axes(mtp_gosh_figure *f, mtp_arena *arena)
{
    const mtp_gosh_map *map = f->map;
    double none[3] = {(double)NAN, (double)NAN, (double)NAN};
    double x[3] = {mtp_gosh_shown(f, column_start(f, 0)),
                   mtp_gosh_shown(f, column_start(f, map->x.n)),
                   mtp_gosh_shown(f, map->estimate)};
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

        mtp_axis_between(mtp_gosh_shown(f, low), mtp_gosh_shown(f, high), f->log,
                         &f->frame.x);
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
static void choose_shades(mtp_gosh_figure *f)
{
    uint64_t most = 1, last = 0;

    for (size_t i = 0; i < f->map->x.n * f->map->y.n; i++) {
        most = f->map->count[i] > most ? f->map->count[i] : most;
    }
    for (size_t s = 0; s < MTP_GOSH_SHADES; s++) {
        uint64_t from =
            (uint64_t)ceil(pow((double)most, (double)s / MTP_GOSH_SHADES) - 1e-9);

        f->least[s] = from > last && from <= most ? from : 0;
        last = f->least[s] > 0 ? f->least[s] : last;
    }
}

static size_t shade_of(const mtp_gosh_figure *f, uint64_t count)
{
    size_t shade = 0;

    for (size_t s = 1; s < MTP_GOSH_SHADES; s++) {
        shade = f->least[s] > 0 && count >= f->least[s] ? s : shade;
    }
    return shade;
}

/* More than half of a cell's subsets hold the highlighted study. */
static bool mostly_with(const mtp_gosh_figure *f, size_t cell)
{
    return f->map->highlight &&
           f->map->with[cell] > f->map->count[cell] - f->map->with[cell];
}

/* Cells side by side that look alike are one box. */
static void draw_run(const mtp_gosh_figure *f, size_t row, size_t from, size_t to)
{
    size_t cell = row * f->map->x.n + from;
    size_t shade = shade_of(f, f->map->count[cell]);
    double top = upwards(f, row + 1), bottom = upwards(f, row);

    mtp_scene_rect(f->frame.scene, mtp_gosh_shade(shade), MTP_NO_ROW,
                   (mtp_point){across(f, from), top},
                   (mtp_point){across(f, to), bottom});
    if (mostly_with(f, cell)) {
        double y = 0.5 * (top + bottom);

        mtp_scene_line(
            f->frame.scene, shade >= 3 ? MTP_MARK_HATCH_LIGHT : MTP_MARK_HATCH_DARK,
            MTP_NO_ROW, (mtp_point){across(f, from), y}, (mtp_point){across(f, to), y});
    }
}

static bool look_alike(const mtp_gosh_figure *f, size_t a, size_t b)
{
    return f->map->count[b] > 0 &&
           shade_of(f, f->map->count[a]) == shade_of(f, f->map->count[b]) &&
           mostly_with(f, a) == mostly_with(f, b);
}

static void draw_cells(const mtp_gosh_figure *f)
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
static void draw_points(const mtp_gosh_figure *f)
{
    for (int with = 0; with < 2; with++) {
        for (size_t i = 0; i < f->map->n_points; i++) {
            const mtp_gosh_point *point = &f->map->point[i];

            if (point->with == (with == 1)) {
                mtp_scene_circle(
                    f->frame.scene,
                    with || !f->map->highlight ? MTP_MARK_STUDY : MTP_MARK_FILLED, i,
                    mtp_frame_place(&f->frame, mtp_gosh_shown(f, point->estimate),
                                    point->value),
                    POINT_RADIUS);
            }
        }
    }
}

/* Histograms: of the columns above, of the rows beside. */

typedef struct bar {
    uint64_t all, with;
} bar;

static bar sum_of(const mtp_gosh_figure *f, bool column, size_t at)
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

static void draw_bar(const mtp_gosh_figure *f, bool column, size_t at, mtp_mark mark,
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

static void draw_histogram(const mtp_gosh_figure *f, bool column)
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

static void draw_all_studies(const mtp_gosh_figure *f)
{
    const mtp_box *plot = &f->frame.plot;
    mtp_point at =
        mtp_frame_place(&f->frame, mtp_gosh_shown(f, f->map->estimate), f->map->value);

    if (isfinite(f->map->estimate)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_POOLED, MTP_NO_ROW,
                       (mtp_point){at.x, plot->top}, (mtp_point){at.x, plot->bottom});
    }
    if (isfinite(f->map->value)) {
        mtp_scene_line(f->frame.scene, MTP_MARK_POOLED, MTP_NO_ROW,
                       (mtp_point){plot->left, at.y}, (mtp_point){plot->right, at.y});
    }
}

static void draw(const mtp_bundle *bundle, double width, mtp_scene *scene)
{
    mtp_gosh_figure f = {.bundle = bundle,
                         .map = bundle->gosh_map,
                         .frame = {.scene = scene, .width = width},
                         .log = strcmp(bundle->measure->inverse, "exponential") == 0};
    const char *paragraph[MTP_GOSH_PARAGRAPHS];
    mtp_frame_key key[MTP_GOSH_KEYS];
    double y;

    if (!choose_axes(&f, scene->arena)) {
        scene->failed = true;
        return;
    }
    choose_shades(&f);
    mtp_gosh_describe(&f, paragraph);
    f.frame.x_title = mtp_gosh_x_title(&f);
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
    y = mtp_frame_draw_keys(&f.frame, mtp_gosh_list_keys(&f, key), key, y);
    mtp_frame_close(&f.frame, MTP_GOSH_PARAGRAPHS, paragraph, y);
}

mtp_scene *mtp_gosh_scene(const mtp_bundle *bundle, double width)
{
    return mtp_scene_draw(bundle, width, draw);
}
