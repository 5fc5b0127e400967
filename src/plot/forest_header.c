/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a forest plot: headings, what stands over several columns, and over the
 * plot. */
#include "plot/forest_figure.h"

#define HEADER_HEIGHT 17.0
#define HEADER_PITCH  11.0

/* How many lines the headings have, those over them not counted. */
static size_t header_lines(const mtp_forest_figure *figure, bool *over)
{
    size_t most = 1;

    *over = false;
    for (int side = 0; mtp_forest_favours_above(figure) && side < 2; side++) {
        most = figure->favours[side].count > most ? figure->favours[side].count : most;
    }
    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];

        if (column->used) {
            most =
                column->header_lines.count > most ? column->header_lines.count : most;
            *over = *over || column->over[0];
        }
    }
    return most;
}

/* What stands over several columns, and a thin line under it. */
static void draw_over(mtp_forest_figure *figure, double y)
{
    const mtp_text_format format = {MTP_MARK_HEADER, true, MTP_ANCHOR_MIDDLE};

    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];
        size_t last = mtp_forest_last_under(figure, c);
        double right = figure->column[last].left + figure->column[last].width;

        if (column->used && column->over[0]) {
            mtp_scene_text(
                figure->scene, format, MTP_NO_ROW,
                mtp_forest_centred(MTP_MARK_HEADER, 0.5 * (column->left + right), y),
                column->over);
            if (last > c) {
                mtp_scene_line(figure->scene, MTP_MARK_THIN_RULE, MTP_NO_ROW,
                               (mtp_point){column->left, y + 0.5 * HEADER_HEIGHT - 1.0},
                               (mtp_point){right, y + 0.5 * HEADER_HEIGHT - 1.0});
            }
        }
        c = last;
    }
}

/* JAMA heads the plot with what either side of the null favours. */
static void draw_favours_above(mtp_forest_figure *figure, double bottom)
{
    double x = mtp_forest_divide(figure);

    for (int side = 0; mtp_forest_favours_above(figure) && side < 2; side++) {
        const mtp_text_lines *lines = &figure->favours[side];
        double first =
            bottom - 0.5 * HEADER_HEIGHT - HEADER_PITCH * ((double)lines->count - 1.0);

        mtp_forest_draw_text(
            figure->scene,
            (mtp_text_format){MTP_MARK_HEADER, true,
                              side == 0 ? MTP_ANCHOR_END : MTP_ANCHOR_START},
            MTP_NO_ROW, lines, (mtp_point){x + (side == 0 ? -8.0 : 8.0), first},
            HEADER_PITCH);
    }
}

/* Review Manager heads the plot as it does the estimates. */
static void draw_plot_header(mtp_forest_figure *figure, double over, double header)
{
    const mtp_text_format format = {MTP_MARK_HEADER, true, MTP_ANCHOR_MIDDLE};
    const mtp_forest_column *effect = mtp_forest_effect_column(figure);
    double middle = 0.5 * (figure->axis.left + figure->axis.right);

    if (figure->style->plot_header && effect && !figure->space.tight) {
        mtp_scene_text(figure->scene, format, MTP_NO_ROW,
                       mtp_forest_centred(MTP_MARK_HEADER, middle, over), effect->over);
        mtp_scene_text(figure->scene, format, MTP_NO_ROW,
                       mtp_forest_centred(MTP_MARK_HEADER, middle, header),
                       effect->header);
    }
}

double mtp_forest_draw_header(mtp_forest_figure *figure, double top)
{
    const mtp_text_format format = {MTP_MARK_HEADER, true, MTP_ANCHOR_START};
    bool over;
    size_t most = header_lines(figure, &over);
    double first = top + (over ? HEADER_HEIGHT : 0.0);
    double bottom = first + HEADER_HEIGHT + HEADER_PITCH * (double)(most - 1);

    mtp_forest_draw_rule(figure, MTP_MARK_RULE, top);
    if (over) {
        draw_over(figure, top + 0.5 * HEADER_HEIGHT);
    }
    for (size_t c = 0; c < figure->n_columns; c++) {
        const mtp_forest_column *column = &figure->column[c];
        double more = HEADER_PITCH * (double)(column->header_lines.count - 1);

        if (column->used) { /* its last line is the lowest */
            mtp_forest_draw_cell(figure, column, format, MTP_NO_ROW,
                                 &column->header_lines,
                                 bottom - 0.5 * (HEADER_HEIGHT + more), HEADER_PITCH);
        }
    }
    draw_favours_above(figure, bottom);
    draw_plot_header(figure, top + 0.5 * HEADER_HEIGHT, bottom - 0.5 * HEADER_HEIGHT);
    mtp_forest_draw_rule(figure, MTP_MARK_THIN_RULE, bottom);
    return bottom;
}
