/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a forest plot: title, header, lines, axis, footer. */
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_text.h"

#include <math.h>

#define TITLE_PITCH   14.0
#define HEADER_HEIGHT 17.0
#define FOOTER_PITCH  10.0
#define PART_SPACE    5.0 /* between the parts of the page */

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
    double first = line->middle - 0.5 * line->pitch * (double)(line->wrapped.count - 1);

    draw_lines(figure->scene, (mtp_text_format){mark, line->bold, MTP_ANCHOR_START},
               line->row, &line->wrapped,
               (mtp_point){c->label_left + line->indent, first}, line->pitch);
    draw_cell(figure, MTP_MARK_EVENTS, line, c->events_right, line->events);
    draw_cell(figure, MTP_MARK_TOTAL, line, c->total_right, line->total);
    draw_cell(figure, MTP_MARK_ESTIMATE, line, c->estimate_right, line->estimate);
    draw_cell(figure, MTP_MARK_LIMITS, line, c->limits_right, line->limits);
    draw_cell(figure, MTP_MARK_WEIGHT, line, c->weight_right, line->weight);
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
    const mtp_bundle *bundle = figure->forest->bundle;
    double axis_y = figure->body_bottom + PART_SPACE;

    draw_reference(figure, MTP_MARK_NULL, mtp_forest_null(bundle), axis_y);
    draw_reference(figure, MTP_MARK_POOLED, bundle->pool->overall.random.back.estimate,
                   axis_y);
    mtp_forest_draw_marks(figure);
    for (size_t i = 0; i < figure->n_lines; i++) {
        draw_text_line(figure, &figure->line[i]);
    }
    return mtp_forest_draw_axis(figure, axis_y);
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
    y += PART_SPACE;
    mtp_forest_footer(figure->scene, figure->forest, has_arrows(figure), footer);
    for (size_t i = 0; i < MTP_FOREST_FOOTERS; i++) {
        y = draw_paragraph(figure, format, footer[i], y, FOOTER_PITCH);
    }
    return y;
}

/* What each row shows, by which the writer groups its shapes. */
static bool name_rows(mtp_scene *scene, const mtp_forest *forest)
{
    const char **kind = MTP_ARENA_ARRAY(scene->arena, forest->n_rows, const char *);

    if (!kind) {
        return false;
    }
    for (size_t i = 0; i < forest->n_rows; i++) {
        kind[i] = mtp_forest_kind_name(forest->row[i].kind);
    }
    scene->kind = "forest";
    scene->n_rows = forest->n_rows;
    scene->row_kind = kind;
    return true;
}

static bool draw(mtp_forest_figure *figure)
{
    mtp_scene *scene = figure->scene;
    mtp_text_format title = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    double y = MTP_FOREST_MARGIN;

    if (!mtp_forest_choose_axis(figure) || !mtp_forest_make_lines(figure) ||
        !name_rows(scene, figure->forest)) {
        return false;
    }
    mtp_forest_place_columns(figure);
    scene->title = mtp_forest_title(scene, figure->forest);
    scene->description =
        mtp_forest_description(scene, figure->forest, figure->decimals);
    y = draw_paragraph(figure, title, scene->title, y, TITLE_PITCH) + PART_SPACE;
    y = draw_header(figure, y);
    if (!mtp_forest_place_lines(figure, y + 0.5 * PART_SPACE)) {
        return false;
    }
    y = draw_body(figure);
    y = draw_footer(figure, y + 2.0 * PART_SPACE);
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
