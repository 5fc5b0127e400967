/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks of studies, names beside them, and the keys to both. */
#include "plot/frame.h"
#include "plot/hatch.h"

#include <math.h>
#include <string.h>

#define KEY_PITCH    12.0
#define KEY_WIDTH    14.0 /* of a mark beside its text */
#define KEY_SPACE    10.0
#define LONGEST_NAME 0.5 /* by the width of the plot area */
#define ELLIPSIS     "\xE2\x80\xA6"

static double text_size(mtp_mark mark)
{
    return mtp_mark_get(mark)->text_size;
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
    double size = text_size(MTP_MARK_KEY), x = MTP_FRAME_MARGIN;
    double room = frame->width - 2.0 * MTP_FRAME_MARGIN - KEY_WIDTH - 4.0;

    y += 0.5 * KEY_PITCH;
    for (size_t i = 0; i < n; i++) {
        mtp_text_lines lines;

        if (!mtp_text_wrap(frame->scene->arena, key[i].text, size, false, room,
                           &lines)) {
            frame->scene->failed = true;
            return y;
        }
        if (x > MTP_FRAME_MARGIN &&
            x + KEY_WIDTH + 4.0 + lines.width > frame->width - MTP_FRAME_MARGIN) {
            x = MTP_FRAME_MARGIN;
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
