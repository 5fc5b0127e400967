/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns as wide as their text, side by side. */
#include "plot/forest_figure.h"

#include <math.h>
#include <string.h>

#define LIGHT_GAP     2.0
#define ESTIMATE_GAP  4.0  /* between an estimate and its limits */
#define FAVOURS_ROOM  8.0  /* beside the null */
#define FAVOURS_LEAST 52.0 /* of either text under the axis */

static const mtp_forest_space wide = {.margin = 14.0,
                                      .gap = 12.0,
                                      .gutter = 16.0,
                                      .plot = 220.0,
                                      .label_most = 190.0,
                                      .cell_most = 120.0,
                                      .left_least = 170.0,
                                      .page = (double)NAN};

static double width_of(mtp_mark mark, bool bold, const char *text)
{
    return mtp_text_width(text, mtp_mark_get(mark)->text_size, bold);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Upper limits have their decimal points one under the other: no-break spaces, two of
 * which are as wide as a digit, stand before the shorter ones. Not after a hyphen. */
static void align_limits(mtp_forest_figure *figure)
{
    double widest = 0.0;

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];

        if (line->upper > 0) {
            widest = larger(widest, width_of(MTP_MARK_LIMITS, line->bold,
                                             line->limits + line->upper));
        }
    }
    for (size_t i = 0; i < figure->n_lines; i++) {
        mtp_forest_line *line = &figure->line[i];
        double lacking =
            widest - width_of(MTP_MARK_LIMITS, line->bold, line->limits + line->upper);
        double digits =
            floor(lacking / width_of(MTP_MARK_LIMITS, line->bold, "0") + 0.1);
        const char *spaces = "";

        if (line->upper == 0 || line->limits[line->upper - 1] != ' ') {
            continue;
        }
        for (; digits > 0.0; digits--) {
            spaces = mtp_scene_printf(figure->scene, "%s\xC2\xA0\xC2\xA0", spaces);
        }
        line->limits =
            mtp_scene_printf(figure->scene, "%.*s%s%s", (int)line->upper, line->limits,
                             spaces, line->limits + line->upper);
    }
}

/* Of an estimate and its limits, which have an edge in common. */
typedef struct effect_widths {
    double estimate, limits, alone; /* limits or words that may use both */
} effect_widths;

static effect_widths measure_effects(const mtp_forest_figure *figure)
{
    effect_widths w = {0};

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];
        double limits = width_of(MTP_MARK_LIMITS, line->bold, line->limits);

        if (line->estimate[0]) {
            w.estimate = larger(
                w.estimate, width_of(MTP_MARK_ESTIMATE, line->bold, line->estimate));
            w.limits = larger(w.limits, limits);
        } else {
            w.alone = larger(w.alone, limits);
        }
    }
    return w;
}

double mtp_forest_measure_lines(const mtp_forest_figure *figure, size_t c)
{
    double widest = 0.0;

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];
        mtp_mark mark = figure->column[c].mark;

        if (line->kind == MTP_LINE_ROW) {
            widest = larger(widest, c == 0 ? line->indent +
                                                 width_of(mark, line->bold, line->label)
                                           : width_of(mark, line->bold, line->cell[c]));
        }
    }
    return widest;
}

/* The width below which a heading would break within a word. */
static double widest_word(mtp_forest_figure *figure, const char *text)
{
    double widest = 0.0;

    while (*text) {
        size_t length = strcspn(text, " ");

        widest = larger(widest, width_of(MTP_MARK_HEADER, true,
                                         mtp_scene_printf(figure->scene, "%.*s",
                                                          (int)length, text)));
        text += length + strspn(text + length, " ");
    }
    return widest;
}

static void measure_column(mtp_forest_figure *figure, size_t c,
                           const effect_widths *effect)
{
    mtp_forest_column *column = &figure->column[c];
    const mtp_forest_space *space = &figure->space;
    double header = space->tight ? widest_word(figure, column->header)
                                 : width_of(MTP_MARK_HEADER, true, column->header);
    double both =
        larger(effect->alone, effect->estimate + ESTIMATE_GAP + effect->limits);

    if (column->shown == MTP_SHOWN_EFFECT) {
        column->width = larger(header, both);
    } else if (column->shown == MTP_SHOWN_ROB) {
        column->width = MTP_FOREST_LIGHT;
    } else {
        column->width = larger(fmin(header, space->cell_most),
                               fmin(mtp_forest_measure_lines(figure, c),
                                    c == 0 ? space->label_most : space->cell_most));
    }
}

size_t mtp_forest_last_under(const mtp_forest_figure *figure, size_t first)
{
    size_t end = first < figure->n_left ? figure->n_left : figure->n_columns;
    size_t last = first;

    for (size_t c = first + 1; c < end; c++) {
        if (!figure->column[c].used) {
            continue;
        }
        if (strcmp(figure->column[c].over, figure->column[first].over) != 0) {
            break;
        }
        last = c;
    }
    return last;
}

/* Lights stand close to each other. */
static double gap_before(const mtp_forest_figure *figure,
                         const mtp_forest_column *column,
                         const mtp_forest_column *previous)
{
    return column->shown == MTP_SHOWN_ROB && previous->shown == MTP_SHOWN_ROB
               ? LIGHT_GAP
               : figure->space.gap;
}

/* The columns under a text are together as wide as it is. */
static void widen_under(mtp_forest_figure *figure)
{
    for (size_t c = 0, last = 0; c < figure->n_columns; c = last + 1) {
        double need = width_of(MTP_MARK_HEADER, true, figure->column[c].over);

        const mtp_forest_column *first = &figure->column[c];

        last = mtp_forest_last_under(figure, c);
        for (size_t i = c; i <= last; i++) {
            need -=
                figure->column[i].used
                    ? figure->column[i].width +
                          (i > c ? gap_before(figure, &figure->column[i], first) : 0.0)
                    : 0.0;
        }
        if (figure->column[c].used && need > 0.0) {
            figure->column[c].width += need;
        }
    }
}

/* Columns from `first` to before `end`, from x on; returns where they end. */
static double place_block(mtp_forest_figure *figure, size_t first, size_t end, double x)
{
    const mtp_forest_column *previous = NULL;

    for (size_t c = first; c < end; c++) {
        mtp_forest_column *column = &figure->column[c];

        if (column->used) {
            x += previous ? gap_before(figure, column, previous) : 0.0;
            column->left = x;
            x += column->width;
            previous = column;
        }
    }
    return x;
}

static bool wrap_headers(mtp_forest_figure *figure)
{
    mtp_arena *arena = figure->scene->arena;
    double size = mtp_mark_get(MTP_MARK_HEADER)->text_size;

    for (size_t c = 0; c < figure->n_columns; c++) {
        mtp_forest_column *column = &figure->column[c];

        if (column->used && !mtp_text_wrap(arena, column->header, size, true,
                                           column->width, &column->header_lines)) {
            return false;
        }
    }
    return true;
}

double mtp_forest_favours_at(const mtp_forest_figure *figure)
{
    double left = figure->space.margin, right = figure->width - figure->space.margin;
    double room = fmin(FAVOURS_LEAST, 0.5 * (right - left));

    return fmin(fmax(mtp_forest_divide(figure), left + room), right - room);
}

/* "Favours A" and "Favours B": under the axis the whole page is theirs. */
static bool wrap_favours(mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    bool above = mtp_forest_favours_above(figure);
    double x = above ? mtp_forest_divide(figure) : mtp_forest_favours_at(figure);
    double size =
        mtp_mark_get(above ? MTP_MARK_HEADER : MTP_MARK_TICK_LABEL)->text_size;

    for (int side = 0; look && side < 2; side++) {
        double left = above ? figure->axis.left : figure->space.margin;
        double right =
            above ? figure->axis.right : figure->width - figure->space.margin;
        double room = side == 0 ? x - left : right - x;

        if (look->favours[side] &&
            !mtp_text_wrap(figure->scene->arena,
                           mtp_scene_printf(figure->scene,
                                            figure->style->favours_above ? "Favors %s"
                                                                         : "Favours %s",
                                            look->favours[side]),
                           size, above, room - FAVOURS_ROOM, &figure->favours[side])) {
            return false;
        }
    }
    return true;
}

/* What the page holds to the right of the axis. */
static double right_part(mtp_forest_figure *figure)
{
    const mtp_forest_space *space = &figure->space;
    double block = place_block(figure, figure->n_left, figure->n_columns, 0.0);

    return space->margin +
           (block > 0.0 || !space->tight
                ? space->gutter + block
                : larger(space->gutter, mtp_forest_half_label(figure) - space->margin));
}

bool mtp_forest_place_in(mtp_forest_figure *figure, const mtp_forest_space *space)
{
    effect_widths effect = measure_effects(figure);
    mtp_forest_column *label = &figure->column[0];
    double x, rest;

    figure->space = *space;
    for (size_t c = 0; c < figure->n_columns; c++) {
        measure_column(figure, c, &effect);
    }
    widen_under(figure);
    x = place_block(figure, 0, figure->n_left, space->margin);
    label->width += larger(0.0, space->margin + space->left_least - x);
    figure->block_right = place_block(figure, 0, figure->n_left, space->margin);
    figure->axis.left = ceil(figure->block_right + space->gutter); /* two decimals */
    rest = right_part(figure);
    figure->axis.right =
        isnan(space->page) ? figure->axis.left + space->plot : space->page - rest;
    figure->width = figure->axis.right + rest;
    (void)place_block(figure, figure->n_left, figure->n_columns,
                      figure->axis.right + space->gutter);
    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];

        if (column->shown == MTP_SHOWN_EFFECT) {
            figure->estimate_right =
                column->left + column->width - effect.limits - ESTIMATE_GAP;
        }
    }
    return !figure->scene->failed;
}

bool mtp_forest_place_columns(mtp_forest_figure *figure)
{
    align_limits(figure);
    return mtp_forest_place_in(figure, &wide) &&
           (figure->width <= figure->room || mtp_forest_squeeze(figure)) &&
           wrap_headers(figure) && wrap_favours(figure);
}
