/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a forest plot: title, header, lines, axis, footer. */
#include "core/number.h"
#include "plot/forest_figure.h"
#include "plot/forest_text.h"

#include <math.h>

#define TITLE_PITCH   14.0
#define HEADER_HEIGHT 17.0
#define LABEL_PITCH   11.0
#define NOTE_PITCH    9.5
#define FOOTER_PITCH  10.0
#define AXIS_SPACE    5.0 /* above and below the axis with its labels */
#define TICK_LENGTH   4.0
#define TICK_PITCH    12.0 /* from the axis to the labels of its ticks */
#define TICK_SPACE    6.0  /* between two labels */

/* The baseline of text whose digits are centred on y. */
static mtp_point centred(mtp_mark mark, double x, double y)
{
    return (mtp_point){x, y + 0.36 * mtp_mark_get(mark)->text_size};
}

/* Lines of text from the left edge x, the first centred on y. */
static void draw_lines(mtp_scene *scene, mtp_text_format format, size_t row,
                       const mtp_text_lines *lines, mtp_point at, double pitch)
{
    for (size_t i = 0; i < lines->count; i++) {
        mtp_scene_text(scene, format, row,
                       centred(format.mark, at.x, at.y + (double)i * pitch),
                       lines->line[i]);
    }
}

/* A paragraph over the whole page from y down; returns where it ends. */
static double draw_paragraph(mtp_forest_figure *figure, mtp_text_format format,
                             const char *text, double y, double pitch)
{
    mtp_scene *scene = figure->scene;
    double width = figure->column.width - 2.0 * MTP_FOREST_MARGIN;
    mtp_text_lines lines;

    if (!text[0]) {
        return y;
    }
    if (!mtp_text_wrap(scene->arena, text, mtp_mark_get(format.mark)->text_size,
                       format.bold, width, &lines)) {
        scene->failed = true;
        return y;
    }
    draw_lines(scene, format, MTP_NO_ROW, &lines,
               (mtp_point){MTP_FOREST_MARGIN, y + 0.5 * pitch}, pitch);
    return y + (double)lines.count * pitch;
}

static void draw_rule(mtp_forest_figure *figure, mtp_mark mark, double y)
{
    mtp_scene_line(figure->scene, mark, MTP_NO_ROW, (mtp_point){MTP_FOREST_MARGIN, y},
                   (mtp_point){figure->column.width - MTP_FOREST_MARGIN, y});
}

/* A cell of a column that is aligned at its right edge. */
static void draw_cell(mtp_forest_figure *figure, mtp_mark mark,
                      const mtp_forest_line *line, double right, const char *text)
{
    mtp_scene_text(figure->scene, (mtp_text_format){mark, line->bold, MTP_ANCHOR_END},
                   line->row, centred(mark, right, line->middle), text);
}

static double draw_header(mtp_forest_figure *figure, double top)
{
    const mtp_forest_columns *c = &figure->column;
    mtp_forest_header header = mtp_forest_header_text(figure);
    mtp_forest_line line = {
        .row = MTP_NO_ROW, .bold = true, .middle = top + 0.5 * HEADER_HEIGHT};

    draw_rule(figure, MTP_MARK_RULE, top);
    mtp_scene_text(
        figure->scene, (mtp_text_format){MTP_MARK_HEADER, true, MTP_ANCHOR_START},
        MTP_NO_ROW, centred(MTP_MARK_HEADER, c->label_left, line.middle), header.label);
    draw_cell(figure, MTP_MARK_HEADER, &line, c->events_right, header.events);
    draw_cell(figure, MTP_MARK_HEADER, &line, c->total_right, header.total);
    draw_cell(figure, MTP_MARK_HEADER, &line, c->limits_right, header.estimate);
    draw_cell(figure, MTP_MARK_HEADER, &line, c->weight_right, header.weight);
    draw_rule(figure, MTP_MARK_THIN_RULE, top + HEADER_HEIGHT);
    return top + HEADER_HEIGHT;
}

static void draw_text_line(mtp_forest_figure *figure, const mtp_forest_line *line)
{
    static const mtp_mark label_mark[] = {[MTP_LINE_HEADING] = MTP_MARK_HEADING,
                                          [MTP_LINE_ROW] = MTP_MARK_LABEL,
                                          [MTP_LINE_NOTE] = MTP_MARK_NOTE};
    const mtp_forest_columns *c = &figure->column;
    mtp_mark mark = label_mark[line->kind];
    double pitch = line->kind == MTP_LINE_NOTE ? NOTE_PITCH : LABEL_PITCH;
    double first = line->middle - 0.5 * pitch * (double)(line->wrapped.count - 1);

    draw_lines(figure->scene, (mtp_text_format){mark, line->bold, MTP_ANCHOR_START},
               line->row, &line->wrapped,
               (mtp_point){c->label_left + line->indent, first}, pitch);
    draw_cell(figure, MTP_MARK_EVENTS, line, c->events_right, line->events);
    draw_cell(figure, MTP_MARK_TOTAL, line, c->total_right, line->total);
    draw_cell(figure, MTP_MARK_ESTIMATE, line, c->estimate_right, line->estimate);
    draw_cell(figure, MTP_MARK_LIMITS, line, c->limits_right, line->limits);
    draw_cell(figure, MTP_MARK_WEIGHT, line, c->weight_right, line->weight);
}

static const char *tick_text(mtp_scene *scene, const mtp_axis *axis, size_t i)
{
    double digits = floor(log10(axis->step) + 1e-9);

    return mtp_figure_number(scene, mtp_axis_tick(axis, i), (int)fmax(0.0, -digits));
}

/* Every how many ticks there is room for a label. */
static size_t label_stride(mtp_scene *scene, const mtp_axis *axis)
{
    double between = (axis->right - axis->left) / (double)(axis->n_ticks - 1);
    double widest = 0.0;

    for (size_t i = 0; i < axis->n_ticks; i++) {
        widest =
            fmax(widest,
                 mtp_text_width(tick_text(scene, axis, i),
                                mtp_mark_get(MTP_MARK_TICK_LABEL)->text_size, false));
    }
    return (size_t)ceil((widest + TICK_SPACE) / between);
}

static double draw_axis(mtp_forest_figure *figure, double y)
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
                           tick_text(scene, axis, i));
        }
    }
    y += 2.0 * TICK_PITCH;
    mtp_scene_text(scene, title, MTP_NO_ROW,
                   (mtp_point){0.5 * (axis->left + axis->right), y},
                   mtp_forest_natural(scene, figure->forest->bundle));
    return y + AXIS_SPACE;
}

/* A line from the header to the axis; nothing for a value that the axis lacks. */
static void draw_reference(mtp_forest_figure *figure, mtp_mark mark, double value,
                           double bottom)
{
    const mtp_axis *axis = &figure->axis;
    double x = mtp_axis_place(axis, value);

    if (isfinite(value) && !mtp_forest_beyond_left(axis, value) &&
        !mtp_forest_beyond_right(axis, value)) {
        mtp_scene_line(figure->scene, mark, MTP_NO_ROW,
                       (mtp_point){x, figure->body_top}, (mtp_point){x, bottom});
    }
}

static double draw_body(mtp_forest_figure *figure)
{
    double axis_y = figure->body_bottom + AXIS_SPACE;

    draw_reference(figure, MTP_MARK_NULL, figure->null_value, axis_y);
    draw_reference(figure, MTP_MARK_POOLED,
                   figure->forest->bundle->pool->overall.random.back.estimate, axis_y);
    mtp_forest_draw_marks(figure);
    for (size_t i = 0; i < figure->n_lines; i++) {
        draw_text_line(figure, &figure->line[i]);
    }
    return draw_axis(figure, axis_y);
}

static bool has_arrows(const mtp_forest_figure *figure)
{
    for (size_t i = 0; i < figure->forest->n_rows; i++) {
        const mtp_forest_row *row = &figure->forest->row[i];

        if (mtp_forest_beyond_left(&figure->axis, row->ci_lower) ||
            mtp_forest_beyond_right(&figure->axis, row->ci_upper)) {
            return true;
        }
    }
    return false;
}

static double draw_footer(mtp_forest_figure *figure, double y)
{
    const char *footer[MTP_FOREST_FOOTERS];
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};

    draw_rule(figure, MTP_MARK_RULE, y);
    y += AXIS_SPACE;
    mtp_forest_footer(figure->scene, figure->forest, has_arrows(figure), footer);
    for (size_t i = 0; i < MTP_FOREST_FOOTERS; i++) {
        y = draw_paragraph(figure, format, footer[i], y, FOOTER_PITCH);
    }
    return y;
}

/* The hypothesis on the natural scale; ready-made effects are their own natural scale.
 */
static double null_of(const mtp_bundle *bundle)
{
    double null_value = bundle->pool->options.null_value;

    return isnan(null_value) && bundle->measure->measure == MTP_GEN
               ? bundle->pool->overall.random.null_value
               : null_value;
}

static bool choose_axis(mtp_forest_figure *figure)
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
        lower[i] = forest->row[i].ci_lower;
        estimate[i] = forest->row[i].estimate;
        upper[i] = forest->row[i].ci_upper;
    }
    lower[n - 1] = upper[n - 1] = (double)NAN;
    estimate[n - 1] = figure->null_value;
    return mtp_axis_choose(&data, arena, &figure->axis);
}

static bool draw(mtp_forest_figure *figure)
{
    mtp_scene *scene = figure->scene;
    mtp_text_format title = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    double y = MTP_FOREST_MARGIN;

    figure->null_value = null_of(figure->forest->bundle);
    if (!choose_axis(figure)) {
        return false;
    }
    figure->decimals =
        mtp_figure_decimals(fmax(fabs(figure->axis.low), fabs(figure->axis.high)));
    if (!mtp_forest_make_lines(figure)) {
        return false;
    }
    mtp_forest_place_columns(figure);
    scene->title = mtp_forest_title(scene, figure->forest);
    scene->description =
        mtp_forest_description(scene, figure->forest, figure->decimals);
    y = draw_paragraph(figure, title, scene->title, y, TITLE_PITCH) + AXIS_SPACE;
    y = draw_header(figure, y);
    if (!mtp_forest_place_lines(figure, y + 0.5 * AXIS_SPACE)) {
        return false;
    }
    y = draw_body(figure);
    y = draw_footer(figure, y + AXIS_SPACE);
    scene->width = figure->column.width;
    scene->height = y + MTP_FOREST_MARGIN;
    return !scene->failed;
}

mtp_scene *mtp_forest_scene(const mtp_forest *forest)
{
    mtp_scene *scene = mtp_scene_new();
    mtp_forest_figure figure = {.forest = forest, .scene = scene};

    if (scene && !draw(&figure)) {
        mtp_scene_free(scene);
        return NULL;
    }
    return scene;
}
