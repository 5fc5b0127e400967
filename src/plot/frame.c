/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Title, plot area, axes and paragraphs of a figure. */
#include "plot/frame.h"

#include "plot/forest_text.h"

#include <math.h>

#define POINTS_PER_MM 2.8346456692913386
#define OWN_WIDTH     340.0 /* 120 mm */
#define LEAST_WIDTH   198.0 /* 70 mm; narrower figures are this one, scaled */
#define MOST_WIDTH    566.0 /* 200 mm */
#define TITLE_PITCH   14.0
#define TICK_LENGTH   4.0
#define TICK_PITCH    12.0 /* from the axis to its labels, from those to the title */
#define TICK_SPACE    6.0  /* between two labels */
#define SMALL_PITCH   10.0

double mtp_frame_width(double millimetres)
{
    return isnan(millimetres)
               ? OWN_WIDTH
               : fmin(fmax(millimetres * POINTS_PER_MM, LEAST_WIDTH), MOST_WIDTH);
}

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
}

/* The ticks of an axis: its own, or those in their place. */

static size_t count_ticks(const mtp_axis *axis, const mtp_frame_ticks *given)
{
    return given ? given->n : axis->n_ticks;
}

static double tick_at(const mtp_axis *axis, const mtp_frame_ticks *given, size_t i)
{
    return given ? given->at[i] : mtp_axis_tick(axis, i);
}

static const char *tick_label(mtp_scene *scene, const mtp_axis *axis,
                              const mtp_frame_ticks *given, size_t i)
{
    return given ? given->label[i] : mtp_figure_tick(scene, axis, i);
}

static double widest_label(mtp_scene *scene, const mtp_axis *axis,
                           const mtp_frame_ticks *given)
{
    double widest = 0.0;

    for (size_t i = 0; i < count_ticks(axis, given); i++) {
        widest = fmax(widest, mtp_text_width(tick_label(scene, axis, given, i),
                                             text_size(MTP_MARK_TICK_LABEL), false));
    }
    return widest;
}

double mtp_frame_paragraph(const mtp_frame *frame, mtp_text_format format,
                           const char *text, double y, double pitch)
{
    mtp_text_lines lines;

    if (!text[0]) {
        return y;
    }
    if (!mtp_text_wrap(frame->scene->arena, text, text_size(format.mark), format.bold,
                       frame->width - 2.0 * MTP_FRAME_MARGIN, &lines)) {
        frame->scene->failed = true;
        return y;
    }
    for (size_t i = 0; i < lines.count; i++) {
        y += pitch;
        mtp_scene_text(frame->scene, format, MTP_NO_ROW,
                       (mtp_point){MTP_FRAME_MARGIN, y - 0.25 * pitch}, lines.line[i]);
    }
    return y;
}

void mtp_frame_open(mtp_frame *frame, const char *title)
{
    mtp_text_format bold = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    mtp_text_format small = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_START};
    double y = mtp_frame_paragraph(frame, bold, title, MTP_FRAME_MARGIN, TITLE_PITCH);

    y = mtp_frame_paragraph(frame, small, frame->y_title, y + 4.0, TICK_PITCH);
    frame->plot.left = MTP_FRAME_MARGIN +
                       widest_label(frame->scene, &frame->y, frame->y_ticks) +
                       TICK_LENGTH + 3.0;
    frame->plot.right =
        frame->width -
        fmax(MTP_FRAME_MARGIN,
             0.5 * widest_label(frame->scene, &frame->x, frame->x_ticks) + 2.0);
    if (frame->right_ticks) {
        frame->plot.right = frame->width - MTP_FRAME_MARGIN - TICK_LENGTH - 3.0 -
                            widest_label(frame->scene, &frame->y, frame->right_ticks);
    }
    frame->plot.top = y + 8.0;
    mtp_frame_set_width(frame, frame->plot.right - frame->plot.left);
}

void mtp_frame_set_width(mtp_frame *frame, double width)
{
    double top = frame->plot.top + frame->inset, bottom;
    double shape = frame->shape > 0.0 ? frame->shape : MTP_FRAME_SHAPE;

    frame->plot.right = frame->plot.left + width;
    frame->plot.bottom = frame->plot.top + shape * width;
    frame->x.left = frame->plot.left + frame->inset;
    frame->x.right = frame->plot.right - frame->inset;
    bottom = frame->plot.bottom - frame->inset;
    frame->y.left = frame->y_down ? top : bottom;
    frame->y.right = frame->y_down ? bottom : top;
}

mtp_point mtp_frame_place(const mtp_frame *frame, double x, double y)
{
    return (mtp_point){mtp_axis_place(&frame->x, x), mtp_axis_place(&frame->y, y)};
}

/* Every how many ticks there is room for labels of this size. */
static size_t label_stride(const mtp_axis *axis, double room)
{
    double between = fabs(axis->right - axis->left) / (double)(axis->n_ticks - 1);

    return (size_t)ceil((room + TICK_SPACE) / between);
}

/* The first tick that gets a label when every stride-th does: 0 and whole multiples get
 * one if there are two of them. */
static size_t first_label(const mtp_axis *axis, size_t stride)
{
    double beyond =
        axis->ratio ? 0.0 : fmod(round(axis->low / axis->step), (double)stride);
    size_t first = (size_t)(beyond > 0.0 ? (double)stride - beyond : -beyond);

    return first + stride < axis->n_ticks ? first : 0;
}

/* Which labels of so much room are drawn: those of an axis at even steps, of given
 * ticks those that do not meet the one before. */
static bool has_label(const mtp_axis *axis, const mtp_frame_ticks *given, size_t i,
                      double room, double *last)
{
    double at;

    if (!given) {
        size_t stride = label_stride(axis, room);

        return i % stride == first_label(axis, stride);
    }
    at = mtp_axis_place(axis, given->at[i]);
    if (i > 0 && fabs(at - *last) < room + TICK_SPACE) {
        return false;
    }
    *last = at;
    return true;
}

static void draw_x_ticks(const mtp_frame *frame)
{
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false, MTP_ANCHOR_MIDDLE};
    double room = widest_label(frame->scene, &frame->x, frame->x_ticks);
    double y = frame->plot.bottom, last = 0.0;

    for (size_t i = 0; i < count_ticks(&frame->x, frame->x_ticks); i++) {
        double x = mtp_axis_place(&frame->x, tick_at(&frame->x, frame->x_ticks, i));

        mtp_scene_line(frame->scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x, y + TICK_LENGTH});
        if (has_label(&frame->x, frame->x_ticks, i, room, &last)) {
            mtp_scene_text(frame->scene, label, MTP_NO_ROW,
                           (mtp_point){x, y + TICK_PITCH},
                           tick_label(frame->scene, &frame->x, frame->x_ticks, i));
        }
    }
}

/* At an edge of the plot area; side -1: on its left, 1: on its right. */
static void draw_edge_ticks(const mtp_frame *frame, const mtp_frame_ticks *given,
                            double x, double side)
{
    mtp_text_format label = {MTP_MARK_TICK_LABEL, false,
                             side < 0.0 ? MTP_ANCHOR_END : MTP_ANCHOR_START};
    double size = text_size(MTP_MARK_TICK_LABEL), last = 0.0;

    for (size_t i = 0; i < count_ticks(&frame->y, given); i++) {
        double y = mtp_axis_place(&frame->y, tick_at(&frame->y, given, i));

        mtp_scene_line(frame->scene, MTP_MARK_TICK, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x + side * TICK_LENGTH, y});
        if (has_label(&frame->y, given, i, size, &last)) {
            mtp_scene_text(frame->scene, label, MTP_NO_ROW,
                           (mtp_point){x + side * (TICK_LENGTH + 3.0), y + 0.36 * size},
                           tick_label(frame->scene, &frame->y, given, i));
        }
    }
}

void mtp_frame_draw_y_ticks(const mtp_frame *frame)
{
    draw_edge_ticks(frame, frame->y_ticks, frame->plot.left, -1.0);
    if (frame->right_ticks) {
        draw_edge_ticks(frame, frame->right_ticks, frame->plot.right, 1.0);
    }
}

static void draw_frame(const mtp_frame *frame)
{
    mtp_point upper_left = {frame->plot.left, frame->plot.top};
    mtp_point lower_left = {frame->plot.left, frame->plot.bottom};
    mtp_point lower_right = {frame->plot.right, frame->plot.bottom};

    if (frame->open) {
        mtp_scene_line(frame->scene, MTP_MARK_AXIS, MTP_NO_ROW, upper_left, lower_left);
        mtp_scene_line(frame->scene, MTP_MARK_AXIS, MTP_NO_ROW, lower_left,
                       lower_right);
    } else {
        mtp_scene_rect(frame->scene, MTP_MARK_FRAME, MTP_NO_ROW, upper_left,
                       lower_right);
    }
}

double mtp_frame_draw_axes(const mtp_frame *frame)
{
    mtp_text_format title = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_MIDDLE};
    double y = frame->plot.bottom + 2.0 * TICK_PITCH + 1.0;

    draw_frame(frame);
    draw_x_ticks(frame);
    mtp_frame_draw_y_ticks(frame);
    mtp_scene_text(frame->scene, title, MTP_NO_ROW,
                   (mtp_point){0.5 * (frame->plot.left + frame->plot.right), y},
                   frame->x_title);
    return y + 6.0;
}

void mtp_frame_close(mtp_frame *frame, size_t n, const char *const paragraph[],
                     double y)
{
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};

    y += 5.0;
    mtp_scene_line(frame->scene, MTP_MARK_RULE, MTP_NO_ROW,
                   (mtp_point){MTP_FRAME_MARGIN, y},
                   (mtp_point){frame->width - MTP_FRAME_MARGIN, y});
    y += 3.0;
    for (size_t i = 0; i < n; i++) {
        y = mtp_frame_paragraph(frame, format, paragraph[i], y, SMALL_PITCH);
    }
    frame->scene->width = frame->width;
    frame->scene->height = y + MTP_FRAME_MARGIN;
}
