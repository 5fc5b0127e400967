/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The axis of a forest plot: chosen from its rows, drawn under them. */
#include "plot/forest_figure.h"
#include "plot/forest_text.h"

#include <math.h>
#include <string.h>

#define TICK_LENGTH 4.0
#define TICK_PITCH  12.0 /* from the axis to its labels, from those to the title */
#define TICK_SPACE  6.0  /* between two labels */

/* Ratios are as far from 1 above it as below it. */
static bool is_ratio(const mtp_measure_info *measure)
{
    return measure->ratio ||
           (measure->groups == 2 && strcmp(measure->inverse, "exponential") == 0);
}

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
    return (int)fmin(fmax(2.0, 1.0 - floor(log10(smallest))), 12.0);
}

bool mtp_forest_choose_axis(mtp_forest_figure *figure)
{
    const mtp_forest *forest = figure->forest;
    const mtp_measure_info *measure = forest->bundle->measure;
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
    if (!(is_ratio(measure) ? mtp_axis_choose_ratio : mtp_axis_choose)(&data, arena,
                                                                       &figure->axis)) {
        return false;
    }
    figure->decimals = decimals_of(&figure->axis, n, estimate);
    return true;
}

/* Every how many ticks there is room for a label. */
static size_t label_stride(mtp_scene *scene, const mtp_axis *axis)
{
    double between = (axis->right - axis->left) / (double)(axis->n_ticks - 1);
    double widest = 0.0;

    for (size_t i = 0; i < axis->n_ticks; i++) {
        widest =
            fmax(widest,
                 mtp_text_width(mtp_figure_tick(scene, axis, i),
                                mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size, false));
    }
    return (size_t)ceil((widest + TICK_SPACE) / between);
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

double mtp_forest_draw_axis(const mtp_forest_figure *figure, double y)
{
    const mtp_axis *axis = &figure->axis;
    mtp_scene *scene = figure->scene;
    size_t stride = label_stride(scene, axis);
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};
    mtp_text_format title = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_MIDDLE};

    mtp_scene_line(scene, MTP_MARK_AXIS, MTP_NO_ROW, (mtp_point){axis->left, y},
                   (mtp_point){axis->right, y});
    for (size_t i = 0; i < axis->n_ticks; i++) {
        double x = mtp_axis_place(axis, mtp_axis_tick(axis, i));

        mtp_scene_line(scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK_LENGTH});
        if (i % stride == 0) {
            mtp_scene_text(scene, label, MTP_NO_ROW, (mtp_point){x, y + TICK_PITCH},
                           mtp_figure_tick(scene, axis, i));
        }
    }
    y += 2.0 * TICK_PITCH;
    mtp_scene_text(scene, title, MTP_NO_ROW,
                   (mtp_point){0.5 * (axis->left + axis->right), y},
                   axis_title(figure));
    return y;
}
