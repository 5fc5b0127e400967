/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns as wide as their text, labels broken to fit, lines one under the other. */
#include "plot/forest_figure.h"

#include <math.h>

#define COLUMN_GAP   12.0
#define ESTIMATE_GAP 4.0  /* between an estimate and its limits */
#define GUTTER       16.0 /* beside the axis: arrows and half a square */
#define PLOT_WIDTH   220.0
#define LABEL_MOST   190.0
#define LEFT_LEAST   170.0 /* of the left block, for notes */
#define ROW_HEIGHT   14.0
#define LABEL_PITCH  11.0 /* between the lines of a label */
#define NOTE_HEIGHT  12.0
#define NOTE_PITCH   9.5

static double width_of(mtp_mark mark, bool bold, const char *text)
{
    return mtp_text_width(text, mtp_mark_get(mark)->text_size, bold);
}

/* The widest of a column's texts and its header. */
typedef struct text_widths {
    double label, events, total, estimate, limits, either, weight;
} text_widths;

static text_widths measure(const mtp_forest_figure *figure)
{
    mtp_forest_header header = mtp_forest_header_text(figure);
    text_widths w = {
        .label = width_of(MTP_MARK_HEADER, true, header.label),
        .events = width_of(MTP_MARK_HEADER, true, header.events),
        .total = width_of(MTP_MARK_HEADER, true, header.total),
        .either = width_of(MTP_MARK_HEADER, true, header.estimate),
        .weight = width_of(MTP_MARK_HEADER, true, header.weight),
    };

    for (size_t i = 0; i < figure->n_lines; i++) {
        const mtp_forest_line *line = &figure->line[i];

        if (line->kind != MTP_LINE_ROW) {
            continue;
        }
        w.label = fmax(w.label, line->indent +
                                    width_of(MTP_MARK_LABEL, line->bold, line->label));
        w.events = fmax(w.events, width_of(MTP_MARK_EVENTS, line->bold, line->events));
        w.total = fmax(w.total, width_of(MTP_MARK_TOTAL, line->bold, line->total));
        w.weight = fmax(w.weight, width_of(MTP_MARK_WEIGHT, line->bold, line->weight));
        if (line->estimate[0]) {
            w.estimate = fmax(w.estimate,
                              width_of(MTP_MARK_ESTIMATE, line->bold, line->estimate));
            w.limits =
                fmax(w.limits, width_of(MTP_MARK_LIMITS, line->bold, line->limits));
        } else { /* limits or words alone may use both columns */
            w.either =
                fmax(w.either, width_of(MTP_MARK_LIMITS, line->bold, line->limits));
        }
    }
    return w;
}

/* The right edge of a column of this width after `left`; a missing column has none. */
static double after(double left, double width)
{
    return width > 0.0 ? left + COLUMN_GAP + width : left;
}

void mtp_forest_place_columns(mtp_forest_figure *figure)
{
    mtp_forest_columns *c = &figure->column;
    text_widths w = measure(figure);
    double counts = after(after(0.0, w.events), w.total);

    c->label_left = MTP_FOREST_MARGIN;
    c->label_width = fmax(fmin(w.label, LABEL_MOST), LEFT_LEAST - counts);
    c->events_right = after(c->label_left + c->label_width, w.events);
    c->total_right = after(c->events_right, w.total);
    figure->axis.left = ceil(c->total_right + GUTTER); /* exact in two decimals */
    figure->axis.right = figure->axis.left + PLOT_WIDTH;
    c->limits_right = figure->axis.right + GUTTER +
                      fmax(w.either, w.estimate + ESTIMATE_GAP + w.limits);
    c->estimate_right = c->limits_right - w.limits - ESTIMATE_GAP;
    c->weight_right = after(c->limits_right, w.weight);
    c->width = c->weight_right + MTP_FOREST_MARGIN;
}

static bool wrap_label(mtp_forest_figure *figure, mtp_forest_line *line)
{
    const mtp_forest_columns *c = &figure->column;
    bool note = line->kind == MTP_LINE_NOTE;
    double size = mtp_mark_get(note ? MTP_MARK_NOTE : MTP_MARK_LABEL)->text_size;
    double right =
        line->kind == MTP_LINE_ROW ? c->label_left + c->label_width : c->total_right;

    line->pitch = note ? NOTE_PITCH : LABEL_PITCH;
    return mtp_text_wrap(figure->scene->arena, line->label, size, line->bold,
                         right - c->label_left - line->indent, &line->wrapped);
}

static double line_height(const mtp_forest_line *line)
{
    double more = line->pitch * (double)(line->wrapped.count - 1);

    return more + (line->kind == MTP_LINE_NOTE ? NOTE_HEIGHT : ROW_HEIGHT);
}

bool mtp_forest_place_lines(mtp_forest_figure *figure, double top)
{
    figure->body_top = top;
    for (size_t i = 0; i < figure->n_lines; i++) {
        mtp_forest_line *line = &figure->line[i];

        if (!wrap_label(figure, line)) {
            return false;
        }
        top += line->space_before;
        line->middle = top + 0.5 * line_height(line);
        top += line_height(line);
    }
    figure->body_bottom = top;
    return true;
}
