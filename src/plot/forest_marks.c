/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The marks of a forest plot: what lies over the axis. */
#include "plot/forest_figure.h"

#include <math.h>

#define LARGEST_SQUARE 11.0 /* side */
#define FIT_HALF       3.0  /* of a fit, which has no weight */
#define POINT_HALF     2.5
#define DIAMOND_HALF   4.5
#define BAR_HALF       2.5
#define ARROW_LENGTH   5.0
#define ARROW_HALF     2.5

/* Rounding alone must not make an arrow. */
static double slack(const mtp_axis *axis)
{
    return 1e-9 * (mtp_axis_coordinate(axis, axis->high) -
                   mtp_axis_coordinate(axis, axis->low));
}

bool mtp_forest_beyond_left(const mtp_axis *axis, double lower)
{
    return mtp_axis_coordinate(axis, lower) <
           mtp_axis_coordinate(axis, axis->low) - slack(axis);
}

bool mtp_forest_beyond_right(const mtp_axis *axis, double upper)
{
    return mtp_axis_coordinate(axis, upper) >
           mtp_axis_coordinate(axis, axis->high) + slack(axis);
}

/* A row with its place. */
typedef struct mark_at {
    const mtp_forest_figure *figure;
    const mtp_forest_row *row;
    size_t index;
    double y;
} mark_at;

static double place(const mark_at *at, double value)
{
    return mtp_axis_place(&at->figure->axis, value);
}

static void draw_arrow(const mark_at *at, double x, double length)
{
    const mtp_point corner[] = {
        {x, at->y - ARROW_HALF}, {x + length, at->y}, {x, at->y + ARROW_HALF}};

    mtp_scene_polygon(at->figure->scene, MTP_MARK_ARROW, at->index, 3, corner);
}

static void draw_arrows(const mark_at *at)
{
    const mtp_axis *axis = &at->figure->axis;

    if (mtp_forest_beyond_left(axis, at->row->ci_lower)) {
        draw_arrow(at, axis->left, -ARROW_LENGTH);
    }
    if (mtp_forest_beyond_right(axis, at->row->ci_upper)) {
        draw_arrow(at, axis->right, ARROW_LENGTH);
    }
}

static bool has_limits(const mtp_forest_row *row)
{
    return !isnan(row->ci_lower) && !isnan(row->ci_upper);
}

double mtp_forest_study_size(const mtp_forest_figure *figure, const mtp_forest_row *row)
{
    double weight = figure->common ? row->weight_common : row->weight_random;

    return isnan(weight) ? row->n : weight;
}

double mtp_forest_largest_size(const mtp_forest_figure *figure)
{
    const mtp_forest *forest = figure->forest;
    double largest = 0.0;

    for (size_t i = 0; i < forest->n_rows; i++) {
        if (forest->row[i].kind == MTP_FOREST_STUDY) {
            largest = fmax(largest, mtp_forest_study_size(figure, &forest->row[i]));
        }
    }
    return largest;
}

static void draw_point(const mark_at *at)
{
    double x = place(at, at->row->estimate);

    mtp_scene_line(at->figure->scene, MTP_MARK_POINT, at->index,
                   (mtp_point){x, at->y - POINT_HALF},
                   (mtp_point){x, at->y + POINT_HALF});
}

/* Review Manager's colours tell the kind of data: blue of events, green of means, red
 * of ready-made effects. */
static mtp_mark square_mark(const mtp_forest_figure *figure)
{
    switch (mtp_forest_layout_of(figure->forest->bundle)) {
    case MTP_LAYOUT_JAMA:
        return MTP_MARK_SQUARE_NAVY;
    case MTP_LAYOUT_BMJ:
        return MTP_MARK_SQUARE_GREY;
    case MTP_LAYOUT_REVMAN5:
        break;
    default:
        return MTP_MARK_SQUARE;
    }
    switch (figure->forest->bundle->measure->input) {
    case MTP_INPUT_EVENTS_N:
    case MTP_INPUT_EVENTS_TIME:
    case MTP_INPUT_TWO_EVENTS_N:
    case MTP_INPUT_TWO_EVENTS_TIME:
        return MTP_MARK_SQUARE_BLUE;
    case MTP_INPUT_MEAN:
    case MTP_INPUT_MEANS:
        return MTP_MARK_SQUARE_GREEN;
    default:
        return MTP_MARK_SQUARE_RED;
    }
}

/* An estimate as a square with this half side, and its interval. */
static void draw_square(const mark_at *at, double half)
{
    mtp_scene *scene = at->figure->scene;
    double x = place(at, at->row->estimate);

    if (half > 0.0) {
        mtp_scene_rect(scene, square_mark(at->figure), at->index,
                       (mtp_point){x - half, at->y - half},
                       (mtp_point){x + half, at->y + half});
    }
    if (has_limits(at->row)) {
        mtp_scene_line(scene, MTP_MARK_INTERVAL, at->index,
                       (mtp_point){place(at, at->row->ci_lower), at->y},
                       (mtp_point){place(at, at->row->ci_upper), at->y});
        draw_arrows(at);
    }
    draw_point(at);
}

static void draw_study(const mark_at *at, double largest)
{
    draw_square(at, 0.5 * LARGEST_SQUARE *
                        sqrt(mtp_forest_study_size(at->figure, at->row) / largest));
}

/* Half the height of a diamond where the axis ends, for a corner that lies beyond it.
 */
static double cut_height(const mtp_axis *axis, double estimate, double limit,
                         double end)
{
    double from = mtp_axis_coordinate(axis, estimate),
           to = mtp_axis_coordinate(axis, limit), at = mtp_axis_coordinate(axis, end);

    return isinf(to) ? DIAMOND_HALF : DIAMOND_HALF * ((to - at) / (to - from));
}

static void draw_diamond(const mark_at *at, mtp_mark mark)
{
    const mtp_axis *axis = &at->figure->axis;
    const mtp_forest_row *row = at->row;
    double x = place(at, row->estimate), left = place(at, row->ci_lower),
           right = place(at, row->ci_upper);
    mtp_point corner[MTP_SHAPE_POINTS];
    size_t n = 0;

    if (!has_limits(row)) {
        draw_point(at);
        return;
    }
    if (mtp_forest_beyond_left(axis, row->ci_lower)) {
        double half = cut_height(axis, row->estimate, row->ci_lower, axis->low);

        corner[n++] = (mtp_point){left, at->y + half};
        corner[n++] = (mtp_point){left, at->y - half};
    } else {
        corner[n++] = (mtp_point){left, at->y};
    }
    corner[n++] = (mtp_point){x, at->y - DIAMOND_HALF};
    if (mtp_forest_beyond_right(axis, row->ci_upper)) {
        double half = cut_height(axis, row->estimate, row->ci_upper, axis->high);

        corner[n++] = (mtp_point){right, at->y - half};
        corner[n++] = (mtp_point){right, at->y + half};
    } else {
        corner[n++] = (mtp_point){right, at->y};
    }
    corner[n++] = (mtp_point){x, at->y + DIAMOND_HALF};
    mtp_scene_polygon(at->figure->scene, mark, at->index, n, corner);
    draw_arrows(at);
}

static void draw_prediction(const mark_at *at)
{
    if (has_limits(at->row)) {
        mtp_scene_rect(at->figure->scene, MTP_MARK_PREDICTION, at->index,
                       (mtp_point){place(at, at->row->ci_lower), at->y - BAR_HALF},
                       (mtp_point){place(at, at->row->ci_upper), at->y + BAR_HALF});
        draw_arrows(at);
    }
}

/* An estimate beyond the axis has no place: what there is of its interval is drawn. */
static void draw_rest(const mark_at *at)
{
    if (has_limits(at->row)) {
        mtp_scene_line(at->figure->scene, MTP_MARK_INTERVAL, at->index,
                       (mtp_point){place(at, at->row->ci_lower), at->y},
                       (mtp_point){place(at, at->row->ci_upper), at->y});
        draw_arrows(at);
    }
}

static void draw_row(const mark_at *at, double largest)
{
    const mtp_axis *axis = &at->figure->axis;
    mtp_forest_kind kind = at->row->kind;

    if (kind == MTP_FOREST_PREDICTION) {
        draw_prediction(at);
    } else if (isfinite(at->row->estimate) &&
               (mtp_forest_beyond_left(axis, at->row->estimate) ||
                mtp_forest_beyond_right(axis, at->row->estimate))) {
        draw_rest(at);
    } else if (!isfinite(at->row->estimate)) {
        return; /* the text says so */
    } else if (kind == MTP_FOREST_STUDY) {
        draw_study(at, largest);
    } else if (kind == MTP_FOREST_LEFT_OUT || kind == MTP_FOREST_CUMULATIVE) {
        draw_square(at, FIT_HALF);
    } else if (kind == MTP_FOREST_SUBGROUP_COMMON ||
               kind == MTP_FOREST_OVERALL_COMMON) {
        draw_diamond(at, at->figure->both ? MTP_MARK_DIAMOND_COMMON
                                          : at->figure->style->common);
    } else {
        draw_diamond(at, at->figure->style->random);
    }
}

void mtp_forest_draw_marks(const mtp_forest_figure *figure)
{
    double largest = mtp_forest_largest_size(figure);

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];

        if (line->row != MTP_NO_ROW) {
            mark_at at = {figure, &figure->forest->row[line->row], line->row,
                          line->middle};

            draw_row(&at, largest);
        }
    }
}
