/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The axis of a forest plot: chosen from its rows, drawn under them. */
#include "effects/ratio.h"
#include "plot/forest_figure.h"
#include "plot/forest_text.h"

#include <math.h>

/* Of ratios: smaller ones are printed by significant digits. */
#define MOST_DECIMALS 4.0
#define TICK_LENGTH   4.0
#define TICK_PITCH    12.0 /* from the axis to its labels, from those to the title */
#define FAVOURS_LEAST 55.0 /* over the axis, on either side of what divides them */
#define FAVOURS_GAP   8.0
#define TICK_SPACE    6.0 /* between two labels */

/* Decimals of estimates: of ratios two, and two digits of the smallest estimate. */
static int decimals_of(const mtp_axis *axis, size_t n, const double estimate[])
{
    double smallest = 1.0;

    if (!axis->ratio) {
        return mtp_figure_decimals(fmax(fabs(axis->low), fabs(axis->high)), axis->step);
    }
    for (size_t i = 0; i < n; i++) {
        smallest = estimate[i] > 0.0 ? fmin(smallest, estimate[i]) : smallest;
    }
    return (int)fmin(fmax(2.0, 1.0 - floor(log10(smallest))), MOST_DECIMALS);
}

bool mtp_forest_choose_axis(mtp_forest_figure *figure)
{
    const mtp_forest *forest = figure->forest;
    const mtp_measure_info *measure = forest->bundle->measure;
    const mtp_forest_look *look = forest->bundle->look;
    bool ratio = mtp_measure_is_ratio(measure);
    mtp_arena *arena = figure->scene->arena;
    size_t n = forest->n_rows + 1;
    double *lower = MTP_ARENA_ARRAY(arena, n, double);
    double *estimate = MTP_ARENA_ARRAY(arena, n, double);
    double *upper = MTP_ARENA_ARRAY(arena, n, double);
    mtp_axis_data data = {n, lower, estimate, upper, measure->lower, measure->upper};

    if (!lower || !estimate || !upper) {
        return false;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        bool shown = mtp_forest_shows(figure, &forest->row[i]);

        lower[i] = shown ? forest->row[i].ci_lower : (double)NAN;
        estimate[i] = shown ? forest->row[i].estimate : (double)NAN;
        upper[i] = shown ? forest->row[i].ci_upper : (double)NAN;
    }
    lower[n - 1] = upper[n - 1] = (double)NAN;
    estimate[n - 1] = mtp_forest_null(forest->bundle);
    if (look && !isnan(look->xlim[0])) {
        mtp_axis_between(look->xlim[0], look->xlim[1], ratio, &figure->axis);
    } else if (!(ratio ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena,
                                                                  &figure->axis)) {
        return false;
    }
    figure->decimals = decimals_of(&figure->axis, n, estimate);
    return true;
}

double mtp_forest_half_label(const mtp_forest_figure *figure)
{
    double widest = 0.0;

    for (size_t i = 0; i < figure->axis.n_ticks; i++) {
        widest =
            fmax(widest,
                 mtp_text_width(mtp_figure_tick(figure->scene, &figure->axis, i),
                                mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size, false));
    }
    return 0.5 * widest;
}

/* Every how many ticks there is room for a label. */
static size_t label_stride(const mtp_forest_figure *figure)
{
    const mtp_axis *axis = &figure->axis;
    double between = axis->right - axis->left;

    for (size_t i = 1; i < axis->n_ticks; i++) {
        between = fmin(between, mtp_axis_place(axis, mtp_axis_tick(axis, i)) -
                                    mtp_axis_place(axis, mtp_axis_tick(axis, i - 1)));
    }
    return (size_t)ceil((2.0 * mtp_forest_half_label(figure) + TICK_SPACE) / between);
}

static const char *axis_title(const mtp_forest_figure *figure)
{
    const mtp_bundle *bundle = figure->forest->bundle;
    const char *natural = mtp_forest_natural(figure->scene, bundle);

    return !figure->style->axis_level
               ? natural
               : mtp_scene_printf(figure->scene, "%s (%s%% CI)", natural,
                                  mtp_figure_level(figure->scene, bundle->level));
}

double mtp_forest_divide(const mtp_forest_figure *figure)
{
    const mtp_axis *axis = &figure->axis;
    double value = mtp_forest_null(figure->forest->bundle);

    return isnan(value) ? 0.5 * (axis->left + axis->right)
                        : mtp_axis_place(axis, value);
}

bool mtp_forest_favours_above(const mtp_forest_figure *figure)
{
    const mtp_axis *axis = &figure->axis;
    double x = mtp_forest_divide(figure);

    return figure->style->favours_above && x - axis->left >= FAVOURS_LEAST &&
           axis->right - x >= FAVOURS_LEAST;
}

/* On either side of the null, from y down; returns their height. */
static double draw_favours(const mtp_forest_figure *figure, double y)
{
    const mtp_text_format format[] = {{MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_END},
                                      {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_START}};
    double x = mtp_forest_favours_at(figure);
    size_t most = 0;

    for (int side = 0; side < 2; side++) {
        const mtp_text_lines *lines = &figure->favours[side];

        for (size_t i = 0; i < lines->count; i++) {
            mtp_scene_text(figure->scene, format[side], MTP_NO_ROW,
                           (mtp_point){x + (side == 0 ? -FAVOURS_GAP : FAVOURS_GAP),
                                       y + TICK_PITCH * (0.5 + (double)i)},
                           lines->line[i]);
        }
        most = lines->count > most ? lines->count : most;
    }
    return most == 0 ? 0.0 : TICK_PITCH * (double)most;
}

/* Centred under the axis, as far as the page allows; returns its last baseline. */
static double draw_title(const mtp_forest_figure *figure, double y)
{
    const mtp_text_format format = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_MIDDLE};
    double left = figure->space.margin, right = figure->width - left;
    double x = 0.5 * (figure->axis.left + figure->axis.right);
    mtp_text_lines lines;

    if (!mtp_text_wrap(figure->scene->arena, axis_title(figure),
                       mtp_mark_get(MTP_MARK_AXIS_TITLE)->text_size, false,
                       right - left, &lines)) {
        figure->scene->failed = true;
        return y;
    }
    x = fmin(fmax(x, left + 0.5 * lines.width), right - 0.5 * lines.width);
    for (size_t i = 0; i < lines.count; i++) {
        mtp_scene_text(figure->scene, format, MTP_NO_ROW,
                       (mtp_point){x, y + TICK_PITCH * (double)i}, lines.line[i]);
    }
    return y + TICK_PITCH * (double)(lines.count - 1);
}

/* The tick whose label must not be passed over: the hypothesis; else the first. */
static size_t first_label(const mtp_forest_figure *figure)
{
    double null_value = mtp_forest_null(figure->forest->bundle);

    for (size_t i = 0; i < figure->axis.n_ticks; i++) {
        if (mtp_axis_tick(&figure->axis, i) == null_value) {
            return i;
        }
    }
    return 0;
}

double mtp_forest_draw_axis(const mtp_forest_figure *figure, double y)
{
    const mtp_axis *axis = &figure->axis;
    mtp_scene *scene = figure->scene;
    size_t stride = label_stride(figure), first = first_label(figure) % stride;
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};

    mtp_scene_line(scene, MTP_MARK_AXIS, MTP_NO_ROW, (mtp_point){axis->left, y},
                   (mtp_point){axis->right, y});
    for (size_t i = 0; i < axis->n_ticks; i++) {
        double x = mtp_axis_place(axis, mtp_axis_tick(axis, i));

        mtp_scene_line(scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK_LENGTH});
        if (i % stride == first) {
            mtp_scene_text(scene, label, MTP_NO_ROW, (mtp_point){x, y + TICK_PITCH},
                           mtp_figure_tick(scene, axis, i));
        }
    }
    y += TICK_PITCH;
    if (!mtp_forest_favours_above(figure)) {
        y += draw_favours(figure, y + 0.5 * TICK_PITCH);
    }
    return draw_title(figure, y + TICK_PITCH);
}
