/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a forest plot: title, header, lines, axis, footer. */
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_text.h"

#include <math.h>

#define TITLE_PITCH    14.0
#define FOOTER_PITCH   10.0
#define SHORTEST_PIECE 10.0 /* of a line between two notes */
#define PART_SPACE     5.0  /* between the parts of the page */

mtp_point mtp_forest_centred(mtp_mark mark, double x, double y)
{
    return (mtp_point){x, y + 0.36 * mtp_mark_get(mark)->text_size};
}

void mtp_forest_draw_text(mtp_scene *scene, mtp_text_format format, size_t row,
                          const mtp_text_lines *lines, mtp_point at, double pitch)
{
    for (size_t i = 0; i < lines->count; i++) {
        mtp_scene_text(scene, format, row,
                       mtp_forest_centred(format.mark, at.x, at.y + (double)i * pitch),
                       lines->line[i]);
    }
}

static double page_right(const mtp_forest_figure *figure)
{
    return figure->width - figure->space.margin;
}

void mtp_forest_draw_rule(mtp_forest_figure *figure, mtp_mark mark, double y)
{
    mtp_scene_line(figure->scene, mark, MTP_NO_ROW,
                   (mtp_point){figure->space.margin, y},
                   (mtp_point){page_right(figure), y});
}

void mtp_forest_draw_cell(mtp_forest_figure *figure, const mtp_forest_column *column,
                          mtp_text_format format, size_t row,
                          const mtp_text_lines *lines, double y, double pitch)
{
    double first = y - 0.5 * pitch * (double)(lines->count - 1);
    double share = column->centred ? 0.5 : column->at_right ? 1.0 : 0.0;
    double x = column->left + share * column->width;

    format.anchor = column->centred    ? MTP_ANCHOR_MIDDLE
                    : column->at_right ? MTP_ANCHOR_END
                                       : MTP_ANCHOR_START;
    mtp_forest_draw_text(figure->scene, format, row, lines, (mtp_point){x, first},
                         pitch);
}

/* A paragraph over the whole page from y down; returns where it ends. */
static double draw_paragraph(mtp_forest_figure *figure, mtp_text_format format,
                             const char *text, double y, double pitch)
{
    mtp_scene *scene = figure->scene;
    double width = figure->width - 2.0 * figure->space.margin;
    mtp_text_lines lines;

    if (!text[0]) {
        return y;
    }
    if (!mtp_text_wrap(scene->arena, text, mtp_mark_get(format.mark)->text_size,
                       format.bold, width, &lines)) {
        scene->failed = true;
        return y;
    }
    mtp_forest_draw_text(scene, format, MTP_NO_ROW, &lines,
                         (mtp_point){figure->space.margin, y + 0.5 * pitch}, pitch);
    return y + (double)lines.count * pitch;
}

static void draw_effect(mtp_forest_figure *figure, const mtp_forest_column *column,
                        const mtp_forest_line *line)
{
    mtp_scene_text(
        figure->scene, (mtp_text_format){MTP_MARK_ESTIMATE, line->bold, MTP_ANCHOR_END},
        line->row,
        mtp_forest_centred(MTP_MARK_ESTIMATE, figure->estimate_right, line->middle),
        line->estimate);
    mtp_scene_text(
        figure->scene, (mtp_text_format){MTP_MARK_LIMITS, line->bold, MTP_ANCHOR_END},
        line->row,
        mtp_forest_centred(MTP_MARK_LIMITS, column->left + column->width, line->middle),
        line->limits);
}

static void draw_label(mtp_forest_figure *figure, const mtp_forest_line *line)
{
    static const mtp_mark mark[] = {[MTP_LINE_HEADING] = MTP_MARK_HEADING,
                                    [MTP_LINE_ROW] = MTP_MARK_LABEL,
                                    [MTP_LINE_NOTE] = MTP_MARK_NOTE};
    const mtp_text_lines *label = &line->wrapped[0];
    double first = line->middle - 0.5 * line->pitch * (double)(label->count - 1);

    mtp_forest_draw_text(
        figure->scene,
        (mtp_text_format){mark[line->kind], line->bold, MTP_ANCHOR_START}, line->row,
        label, (mtp_point){figure->column[0].left + line->indent, first}, line->pitch);
}

static void draw_text_line(mtp_forest_figure *figure, const mtp_forest_line *line)
{
    draw_label(figure, line);
    for (size_t c = 1; line->cell && c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];
        mtp_text_format format = {column->mark, line->bold, MTP_ANCHOR_START};

        if (column->shown == MTP_SHOWN_EFFECT) {
            draw_effect(figure, column, line);
        } else if (column->used) {
            mtp_forest_draw_cell(figure, column, format, line->row, &line->wrapped[c],
                                 line->middle, line->pitch);
        }
    }
}

/* From y to y, a line at x or a band between two. */
static void draw_piece(mtp_forest_figure *figure, mtp_mark mark, const double x[2],
                       double top, double bottom)
{
    mtp_point from = {x[0], top}, to = {x[1], bottom};

    if (x[0] < x[1]) {
        mtp_scene_rect(figure->scene, mark, MTP_NO_ROW, from, to);
    } else {
        mtp_scene_line(figure->scene, mark, MTP_NO_ROW, from, to);
    }
}

/* From the header to the axis, but where notes run over the page. */
static void draw_upright(mtp_forest_figure *figure, mtp_mark mark, const double x[2],
                         double bottom)
{
    double top = figure->body_top;

    for (size_t i = 0; figure->space.tight && i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];
        double start = line->middle - 0.5 * line->height;

        if (line->kind == MTP_LINE_ROW) {
            continue;
        }
        if (start > top + SHORTEST_PIECE) {
            draw_piece(figure, mark, x, top, start);
        }
        top = start + line->height;
    }
    draw_piece(figure, mark, x, top, bottom);
}

/* Nothing for a value that the axis lacks. */
static void draw_reference(mtp_forest_figure *figure, mtp_mark mark, double value,
                           double bottom)
{
    const mtp_axis *axis = &figure->axis;
    double x = mtp_axis_place(axis, value);

    if (isfinite(value) && !mtp_forest_beyond_left(axis, value) &&
        !mtp_forest_beyond_right(axis, value)) {
        draw_upright(figure, mark, (double[]){x, x}, bottom);
    }
}

/* Effects that are too small to matter, as far as the axis goes. */
static void draw_cid(mtp_forest_figure *figure, double bottom)
{
    const mtp_forest_look *look = figure->forest->bundle->look;
    const mtp_axis *axis = &figure->axis;
    double x[2];

    if (!look || !(look->cid[0] < look->cid[1])) {
        return;
    }
    x[0] = mtp_axis_place(axis, look->cid[0]);
    x[1] = mtp_axis_place(axis, look->cid[1]);
    if (x[0] < x[1]) {
        draw_upright(figure, MTP_MARK_CID, x, bottom);
    }
}

double mtp_forest_reference(const mtp_forest_figure *figure)
{
    const mtp_pooled *overall = &figure->forest->bundle->pool->overall;

    return (figure->common ? &overall->common : &overall->random)->back.estimate;
}

static double draw_body(mtp_forest_figure *figure)
{
    const mtp_bundle *bundle = figure->forest->bundle;
    double axis_y = figure->body_bottom + PART_SPACE;

    draw_cid(figure, axis_y);
    draw_reference(figure, MTP_MARK_NULL, mtp_forest_null(bundle), axis_y);
    if (figure->pooled_line) {
        draw_reference(figure, MTP_MARK_POOLED, mtp_forest_reference(figure), axis_y);
    }
    mtp_forest_draw_marks(figure);
    mtp_forest_draw_lights(figure);
    for (size_t i = 0; i < figure->n_lines; i++) {
        draw_text_line(figure, &figure->line[i]);
    }
    return mtp_forest_draw_axis(figure, axis_y);
}

static bool has_arrows(const mtp_forest_figure *figure)
{
    for (size_t i = 0; i < figure->forest->n_rows; i++) {
        const mtp_forest_row *row = &figure->forest->row[i];

        if (mtp_forest_shows(figure, row) && row->kind != MTP_FOREST_NOT_ESTIMABLE &&
            (mtp_forest_beyond_left(&figure->axis, row->ci_lower) ||
             mtp_forest_beyond_right(&figure->axis, row->ci_upper))) {
            return true;
        }
    }
    return false;
}

static double draw_footer(mtp_forest_figure *figure, double y)
{
    const char *footer[MTP_FOREST_FOOTERS];
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};

    mtp_forest_draw_rule(figure, MTP_MARK_RULE, y);
    y += PART_SPACE;
    y = mtp_forest_draw_lights_key(figure, y);
    mtp_forest_footer(figure, has_arrows(figure), footer);
    for (size_t i = 0; i < MTP_FOREST_FOOTERS; i++) {
        y = draw_paragraph(figure, format, footer[i], y, FOOTER_PITCH);
    }
    return y;
}

/* What each row shows, by which the writer groups its shapes. */
static bool name_rows(mtp_scene *scene, const mtp_forest *forest)
{
    const char **kind = MTP_ARENA_ARRAY(scene->arena, forest->n_rows, const char *);

    scene->row_title =
        mtp_arena_zalloc(scene->arena, forest->n_rows + 1, sizeof *scene->row_title);
    if (!kind || !scene->row_title) {
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

bool mtp_forest_open_page(mtp_forest_figure *figure)
{
    mtp_scene *scene = figure->scene;
    mtp_text_format title = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    double y;

    if (!mtp_forest_choose_axis(figure) || !mtp_forest_make_lines(figure) ||
        !name_rows(scene, figure->forest) || !mtp_forest_place_columns(figure)) {
        return false;
    }
    y = figure->space.margin;
    scene->title = mtp_forest_title(scene, figure->forest);
    scene->description =
        mtp_forest_description(scene, figure->forest, figure->decimals);
    if (figure->style->title) {
        y = draw_paragraph(figure, title, scene->title, y, TITLE_PITCH) + PART_SPACE;
    }
    y = mtp_forest_draw_header(figure, y);
    return mtp_forest_place_lines(figure, y + 0.5 * PART_SPACE);
}

double mtp_forest_close_page(mtp_forest_figure *figure, bool footer)
{
    double y = draw_body(figure);

    y = footer ? draw_footer(figure, y + 2.0 * PART_SPACE) : y;
    figure->scene->width = figure->width;
    figure->scene->height = y + figure->space.margin;
    return y;
}

void mtp_forest_measure_ends(mtp_forest_figure *figure, double *axis, double *footer)
{
    size_t drawn = figure->scene->count;

    *axis = PART_SPACE + mtp_forest_draw_axis(figure, 0.0);
    *footer = 2.0 * PART_SPACE + draw_footer(figure, 0.0);
    figure->scene->count = drawn; /* only to measure them */
}

mtp_scene *mtp_forest_scene(const mtp_forest *forest)
{
    return mtp_forest_scene_within(forest, (double)INFINITY);
}

mtp_scene *mtp_forest_scene_within(const mtp_forest *forest, double width)
{
    mtp_forest_figure figure = mtp_forest_begin(forest);

    figure.room = width;
    if (figure.scene && mtp_forest_open_page(&figure)) {
        (void)mtp_forest_close_page(&figure, true);
    } else if (figure.scene) {
        figure.scene->failed = true;
    }
    return mtp_scene_done(figure.scene);
}
