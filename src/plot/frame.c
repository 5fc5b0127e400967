/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/frame.h"

#include "plot/forest_text.h"
#include "plot/hatch.h"

#include <math.h>
#include <string.h>

#define POINTS_PER_MM 2.8346456692913386
#define OWN_WIDTH     340.0 /* 120 mm */
#define LEAST_WIDTH   198.0 /* 70 mm; narrower figures are this one, scaled */
#define MOST_WIDTH    566.0 /* 200 mm */
#define MARGIN        12.0
#define TITLE_PITCH   14.0
#define TICK_LENGTH   4.0
#define TICK_PITCH    12.0 /* from the axis to its labels, from those to the title */
#define TICK_SPACE    6.0  /* between two labels */
#define KEY_PITCH     12.0
#define KEY_WIDTH     14.0 /* of a mark beside its text */
#define KEY_SPACE     10.0
#define SMALL_PITCH   10.0
#define LONGEST_NAME  0.5 /* by the width of the plot area */
#define ELLIPSIS      "\xE2\x80\xA6"

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
                       frame->width - 2.0 * MARGIN, &lines)) {
        frame->scene->failed = true;
        return y;
    }
    for (size_t i = 0; i < lines.count; i++) {
        y += pitch;
        mtp_scene_text(frame->scene, format, MTP_NO_ROW,
                       (mtp_point){MARGIN, y - 0.25 * pitch}, lines.line[i]);
    }
    return y;
}

void mtp_frame_open(mtp_frame *frame, const char *title)
{
    mtp_text_format bold = {MTP_MARK_TITLE, true, MTP_ANCHOR_START};
    mtp_text_format small = {MTP_MARK_AXIS_TITLE, false, MTP_ANCHOR_START};
    double y = mtp_frame_paragraph(frame, bold, title, MARGIN, TITLE_PITCH);

    y = mtp_frame_paragraph(frame, small, frame->y_title, y + 4.0, TICK_PITCH);
    frame->plot.left = MARGIN + widest_label(frame->scene, &frame->y, frame->y_ticks) +
                       TICK_LENGTH + 3.0;
    frame->plot.right =
        frame->width -
        fmax(MARGIN, 0.5 * widest_label(frame->scene, &frame->x, frame->x_ticks) + 2.0);
    if (frame->right_ticks) {
        frame->plot.right = frame->width - MARGIN - TICK_LENGTH - 3.0 -
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

double mtp_frame_radius(size_t n)
{
    return fmin(fmax(2.8 * sqrt(sqrt(60.0 / (double)n)), 1.7), 2.8);
}

enum { MARKERS = 6 };

/* Corners of shapes with the area of the circle of radius 1, clockwise; that of no
 * corners is the circle itself. */
static const struct {
    size_t n;
    mtp_point corner[MTP_SHAPE_POINTS];
} marker[MARKERS] = {
    {0, {{0.0, 0.0}}},
    {4, {{-0.886, -0.886}, {0.886, -0.886}, {0.886, 0.886}, {-0.886, 0.886}}},
    {3, {{0.0, -1.555}, {1.347, 0.778}, {-1.347, 0.778}}},
    {4, {{0.0, -1.253}, {1.253, 0.0}, {0.0, 1.253}, {-1.253, 0.0}}},
    {3, {{-1.347, -0.778}, {1.347, -0.778}, {0.0, 1.555}}},
    {6,
     {{-0.55, -0.952},
      {0.55, -0.952},
      {1.1, 0.0},
      {0.55, 0.952},
      {-0.55, 0.952},
      {-1.1, 0.0}}},
};

mtp_mark mtp_frame_group(size_t group)
{
    return (mtp_mark)(MTP_MARK_GROUP_1 + (int)(group % MARKERS));
}

void mtp_frame_marker(const mtp_frame *frame, mtp_mark mark, size_t row, mtp_point at,
                      double radius)
{
    bool group = mark >= MTP_MARK_GROUP_1 && mark <= MTP_MARK_GROUP_6;
    size_t shape = group ? (size_t)(mark - MTP_MARK_GROUP_1) : 0;
    mtp_point point[MTP_SHAPE_POINTS];

    if (marker[shape].n == 0) {
        mtp_scene_circle(frame->scene, mark, row, at, radius);
        return;
    }
    for (size_t i = 0; i < marker[shape].n; i++) {
        point[i] = (mtp_point){at.x + radius * marker[shape].corner[i].x,
                               at.y + radius * marker[shape].corner[i].y};
    }
    mtp_scene_polygon(frame->scene, mark, row, marker[shape].n, point);
}

static bool is_free(const mtp_frame *frame, mtp_box box)
{
    const mtp_scene *scene = frame->scene;

    if (!(box.left > frame->plot.left + 1.0 && box.right < frame->plot.right - 1.0 &&
          box.top > frame->plot.top + 1.0 && box.bottom < frame->plot.bottom - 1.0)) {
        return false;
    }
    for (size_t i = 0; i < scene->count; i++) {
        mtp_shape_kind kind = scene->shape[i].kind;
        bool solid = kind == MTP_SHAPE_TEXT || kind == MTP_SHAPE_CIRCLE ||
                     kind == MTP_SHAPE_LINE || kind == MTP_SHAPE_PATH ||
                     kind == MTP_SHAPE_POLYGON;

        if (solid && mtp_shape_touches(&scene->shape[i], box)) {
            return false;
        }
    }
    return true;
}

void mtp_frame_label(const mtp_frame *frame, size_t row, mtp_point at, double radius,
                     const char *name)
{
    double size = text_size(MTP_MARK_NAME), gap = radius + 2.0;
    double width = mtp_text_width(name, size, false);
    /* The left end of the baseline: right of the circle, left of it, above, below. */
    const mtp_point place[] = {{at.x + gap, at.y + 0.36 * size},
                               {at.x - gap - width, at.y + 0.36 * size},
                               {at.x - 0.5 * width, at.y - gap - 0.2 * size},
                               {at.x - 0.5 * width, at.y + gap + 0.9 * size}};

    if (width > LONGEST_NAME * (frame->plot.right - frame->plot.left)) {
        return;
    }
    for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
        mtp_box box = {place[i].x, place[i].y - MTP_TEXT_ASCENT * size,
                       place[i].x + width, place[i].y + MTP_TEXT_DESCENT * size};

        if (is_free(frame, box)) {
            mtp_scene_text(frame->scene,
                           (mtp_text_format){MTP_MARK_NAME, false, MTP_ANCHOR_START},
                           row, place[i], name);
            return;
        }
    }
}

const char *mtp_figure_cut(mtp_scene *scene, mtp_text_format format, const char *text,
                           double room)
{
    double size = text_size(format.mark);
    size_t fits = 0, over = strlen(text);

    if (mtp_text_width(text, size, format.bold) <= room) {
        return text;
    }
    while (over - fits > 1) {
        size_t middle = fits + (over - fits) / 2;
        const char *part = mtp_scene_printf(scene, "%.*s" ELLIPSIS, (int)middle, text);

        *(mtp_text_width(part, size, format.bold) <= room ? &fits : &over) = middle;
    }
    while (fits > 0 && ((unsigned char)text[fits] & 0xC0u) == 0x80u) {
        fits--;
    }
    return mtp_scene_printf(scene, "%.*s" ELLIPSIS, (int)fits, text);
}

static void draw_mark(const mtp_frame *frame, const mtp_frame_key *key, size_t style,
                      double x, double y)
{
    mtp_scene *scene = frame->scene;

    if (key->kind == MTP_KEY_CIRCLE) {
        mtp_scene_circle(scene, key->mark, MTP_NO_ROW,
                         (mtp_point){x + 0.5 * KEY_WIDTH, y}, 2.8);
    } else if (key->kind == MTP_KEY_MARKER) {
        mtp_frame_marker(frame, key->mark, MTP_NO_ROW,
                         (mtp_point){x + 0.5 * KEY_WIDTH, y}, 2.8);
    } else if (key->kind == MTP_KEY_LINE) {
        mtp_scene_line(scene, key->mark, MTP_NO_ROW, (mtp_point){x, y},
                       (mtp_point){x + KEY_WIDTH, y});
    } else {
        mtp_point a = {x + 1.0, y - 4.0}, b = {x + KEY_WIDTH - 1.0, y + 4.0};

        if (key->kind == MTP_KEY_FILL) {
            mtp_scene_fill(scene, style, MTP_NO_ROW, (mtp_box){a.x, a.y, b.x, b.y});
        } else {
            mtp_scene_rect(scene, key->mark, MTP_NO_ROW, a, b);
        }
        mtp_scene_rect(scene, MTP_MARK_KEY_RIM, MTP_NO_ROW, a, b);
    }
}

double mtp_frame_draw_keys(const mtp_frame *frame, size_t n, const mtp_frame_key key[],
                           double y)
{
    mtp_text_format format = {MTP_MARK_KEY, false, MTP_ANCHOR_START};
    double size = text_size(MTP_MARK_KEY), x = MARGIN;
    double room = frame->width - 2.0 * MARGIN - KEY_WIDTH - 4.0;

    y += 0.5 * KEY_PITCH;
    for (size_t i = 0; i < n; i++) {
        mtp_text_lines lines;

        if (!mtp_text_wrap(frame->scene->arena, key[i].text, size, false, room,
                           &lines)) {
            frame->scene->failed = true;
            return y;
        }
        if (x > MARGIN && x + KEY_WIDTH + 4.0 + lines.width > frame->width - MARGIN) {
            x = MARGIN;
            y += KEY_PITCH;
        }
        draw_mark(frame, &key[i], i, x, y);
        for (size_t l = 0; l < lines.count; l++) {
            y += l > 0 ? KEY_PITCH : 0.0;
            mtp_scene_text(frame->scene, format, MTP_NO_ROW,
                           (mtp_point){x + KEY_WIDTH + 4.0, y + 0.36 * size},
                           lines.line[l]);
        }
        x += KEY_WIDTH + 4.0 + lines.width + KEY_SPACE;
    }
    return y + 0.5 * KEY_PITCH;
}

void mtp_frame_close(mtp_frame *frame, size_t n, const char *const paragraph[],
                     double y)
{
    mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_START};

    y += 5.0;
    mtp_scene_line(frame->scene, MTP_MARK_RULE, MTP_NO_ROW, (mtp_point){MARGIN, y},
                   (mtp_point){frame->width - MARGIN, y});
    y += 3.0;
    for (size_t i = 0; i < n; i++) {
        y = mtp_frame_paragraph(frame, format, paragraph[i], y, SMALL_PITCH);
    }
    frame->scene->width = frame->width;
    frame->scene->height = y + MARGIN;
}
