/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns as wide as their text, labels broken to fit, lines one under the other. */
#include "plot/forest_figure.h"

#include <math.h>
#include <string.h>

#define COLUMN_GAP   12.0
#define LIGHT_GAP    2.0
#define ESTIMATE_GAP 4.0  /* between an estimate and its limits */
#define GUTTER       16.0 /* beside the axis: arrows and half a square */
#define PLOT_WIDTH   220.0
#define LABEL_MOST   190.0
#define CELL_MOST    120.0
#define LEFT_LEAST   170.0 /* of the left block, for notes */
#define FAVOURS_ROOM 8.0   /* beside the null */
#define ROW_HEIGHT   14.0
#define LABEL_PITCH  11.0 /* between the lines of a label */
#define NOTE_HEIGHT  12.0
#define NOTE_PITCH   9.5

static double width_of(mtp_mark mark, bool bold, const char *text)
{
    return mtp_text_width(text, mtp_mark_get(mark)->text_size, bold);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
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

/* The widest text of a column's lines. */
static double measure_lines(const mtp_forest_figure *figure, size_t c)
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

static void measure_column(mtp_forest_figure *figure, size_t c,
                           const effect_widths *effect)
{
    mtp_forest_column *column = &figure->column[c];
    double header = width_of(MTP_MARK_HEADER, true, column->header);
    double both =
        larger(effect->alone, effect->estimate + ESTIMATE_GAP + effect->limits);

    if (column->shown == MTP_SHOWN_EFFECT) {
        column->width = larger(header, both);
    } else if (column->shown == MTP_SHOWN_ROB) {
        column->width = MTP_FOREST_LIGHT;
    } else {
        column->width =
            larger(fmin(header, CELL_MOST),
                   fmin(measure_lines(figure, c), c == 0 ? LABEL_MOST : CELL_MOST));
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
static double gap_before(const mtp_forest_column *column,
                         const mtp_forest_column *previous)
{
    return column->shown == MTP_SHOWN_ROB && previous->shown == MTP_SHOWN_ROB
               ? LIGHT_GAP
               : COLUMN_GAP;
}

/* The columns under a text are together as wide as it is. */
static void widen_under(mtp_forest_figure *figure)
{
    for (size_t c = 0, last = 0; c < figure->n_columns; c = last + 1) {
        double need = width_of(MTP_MARK_HEADER, true, figure->column[c].over);

        const mtp_forest_column *first = &figure->column[c];

        last = mtp_forest_last_under(figure, c);
        for (size_t i = c; i <= last; i++) {
            need -= figure->column[i].used
                        ? figure->column[i].width +
                              (i > c ? gap_before(&figure->column[i], first) : 0.0)
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
            x += previous ? gap_before(column, previous) : 0.0;
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

/* "Favours A" and "Favours B": under the axis the whole page is theirs. */
static bool wrap_favours(mtp_forest_figure *figure)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    bool above = mtp_forest_favours_above(figure);
    double x = mtp_forest_divide(figure);
    double size =
        mtp_mark_get(above ? MTP_MARK_HEADER : MTP_MARK_TICK_LABEL)->text_size;

    for (int side = 0; look && side < 2; side++) {
        double left = above ? figure->axis.left : MTP_FOREST_MARGIN;
        double right = above ? figure->axis.right : figure->width - MTP_FOREST_MARGIN;
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

bool mtp_forest_place_columns(mtp_forest_figure *figure)
{
    effect_widths effect = measure_effects(figure);
    mtp_forest_column *label = &figure->column[0];
    double x, right;

    for (size_t c = 0; c < figure->n_columns; c++) {
        measure_column(figure, c, &effect);
    }
    widen_under(figure);
    x = place_block(figure, 0, figure->n_left, MTP_FOREST_MARGIN);
    label->width += larger(0.0, MTP_FOREST_MARGIN + LEFT_LEAST - x);
    figure->block_right = place_block(figure, 0, figure->n_left, MTP_FOREST_MARGIN);
    figure->axis.left = ceil(figure->block_right + GUTTER); /* exact in two decimals */
    figure->axis.right = figure->axis.left + PLOT_WIDTH;
    x = figure->axis.right + GUTTER;
    right = place_block(figure, figure->n_left, figure->n_columns, x);
    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];

        if (column->shown == MTP_SHOWN_EFFECT) {
            figure->estimate_right =
                column->left + column->width - effect.limits - ESTIMATE_GAP;
        }
    }
    figure->width = right + MTP_FOREST_MARGIN;
    return wrap_headers(figure) && wrap_favours(figure);
}

static bool wrap_label(mtp_forest_figure *figure, mtp_forest_line *line)
{
    const mtp_forest_column *label = &figure->column[0];
    bool note = line->kind == MTP_LINE_NOTE;
    double size = mtp_mark_get(note ? MTP_MARK_NOTE : MTP_MARK_LABEL)->text_size;
    double right =
        line->kind == MTP_LINE_ROW ? label->left + label->width : figure->block_right;

    line->pitch = note ? NOTE_PITCH : LABEL_PITCH;
    return mtp_text_wrap(figure->scene->arena, line->label, size, line->bold,
                         right - label->left - line->indent, &line->wrapped[0]);
}

/* Cells fit in one line, but for those of the table's own columns. */
static bool wrap_cells(mtp_forest_figure *figure, mtp_forest_line *line)
{
    for (size_t c = 1; line->cell && c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];

        line->wrapped[c] = (mtp_text_lines){0};
        if (line->cell[c][0] &&
            !mtp_text_wrap(figure->scene->arena, line->cell[c],
                           mtp_mark_get(column->mark)->text_size, line->bold,
                           column->width, &line->wrapped[c])) {
            return false;
        }
    }
    return true;
}

static double line_height(const mtp_forest_figure *figure, const mtp_forest_line *line)
{
    size_t count = 1;

    for (size_t c = 0; c < (line->cell ? figure->n_columns : 1); c++) {
        count = line->wrapped[c].count > count ? line->wrapped[c].count : count;
    }
    return line->pitch * (double)(count - 1) +
           (line->kind == MTP_LINE_NOTE ? NOTE_HEIGHT : ROW_HEIGHT);
}

bool mtp_forest_place_lines(mtp_forest_figure *figure, double top)
{
    figure->body_top = top;
    for (size_t i = 0; i < figure->n_lines; i++) {
        mtp_forest_line *line = &figure->line[i];

        line->wrapped =
            MTP_ARENA_ARRAY(figure->scene->arena, figure->n_columns, mtp_text_lines);
        if (!line->wrapped || !wrap_label(figure, line) || !wrap_cells(figure, line)) {
            return false;
        }
        top += line->space_before;
        line->middle = top + 0.5 * line_height(figure, line);
        top += line_height(figure, line);
    }
    figure->body_bottom = top;
    return true;
}
