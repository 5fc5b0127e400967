/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and cells broken to the widths of their columns, lines one under the other. */
#include "plot/forest_figure.h"
#include "plot/frame.h"

#include <string.h>

enum { MOST_LINES = 8 }; /* of the name of a study */

#define ROW_HEIGHT  14.0
#define LABEL_PITCH 11.0 /* between the lines of a label */
#define NOTE_HEIGHT 12.0
#define NOTE_PITCH  9.5

/* A name of more lines than anyone reads ends in an ellipsis; its row has it in full.
 */
static bool shorten(mtp_forest_figure *figure, mtp_forest_line *line, double room)
{
    mtp_scene *scene = figure->scene;
    mtp_text_lines *lines = &line->wrapped[0];
    const char **kept;

    if (line->row == MTP_NO_ROW || lines->count <= MOST_LINES) {
        return true;
    }
    kept = MTP_ARENA_ARRAY(scene->arena, MOST_LINES, const char *);
    if (!kept) {
        return false;
    }
    memcpy(kept, lines->line, MOST_LINES * sizeof *kept);
    kept[MOST_LINES - 1] = mtp_figure_cut(
        scene, (mtp_text_format){MTP_MARK_LABEL, line->bold, MTP_ANCHOR_START},
        mtp_scene_printf(scene, "%s %s", kept[MOST_LINES - 1], lines->line[MOST_LINES]),
        room);
    lines->line = kept;
    lines->count = MOST_LINES;
    scene->row_title[line->row] = line->label;
    return true;
}

static bool wrap_label(mtp_forest_figure *figure, mtp_forest_line *line)
{
    const mtp_forest_column *label = &figure->column[0];
    bool note = line->kind == MTP_LINE_NOTE;
    double size = mtp_mark_get(note ? MTP_MARK_NOTE : MTP_MARK_LABEL)->text_size;
    double right = line->kind == MTP_LINE_ROW ? label->left + label->width
                   : figure->space.tight      ? figure->width - figure->space.margin
                                              : figure->block_right;

    line->pitch = note ? NOTE_PITCH : LABEL_PITCH;
    right -= label->left + line->indent;
    return mtp_text_wrap(figure->scene->arena, line->label, size, line->bold, right,
                         &line->wrapped[0]) &&
           shorten(figure, line, right);
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
        line->height = line_height(figure, line);
        line->middle = top + 0.5 * line->height;
        top += line->height;
    }
    figure->body_bottom = top;
    return true;
}
