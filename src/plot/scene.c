/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/scene.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const mtp_mark_style styles[MTP_MARK_COUNT] = {
#define MTP_MARK_STYLE(name, class, fill, stroke, width, dashes, size)                 \
    [name] = {class, fill, stroke, width, dashes, size},
    MTP_MARK_LIST(MTP_MARK_STYLE)
#undef MTP_MARK_STYLE
};

const mtp_mark_style *mtp_mark_get(mtp_mark mark)
{
    return &styles[mark];
}

mtp_scene *mtp_scene_new(void)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_scene *scene = arena ? MTP_ARENA_NEW(arena, mtp_scene) : NULL;

    if (!scene) {
        mtp_arena_free(arena);
        return NULL;
    }
    scene->arena = arena;
    scene->scale = 1.0;
    scene->title = "";
    scene->description = "";
    return scene;
}

mtp_scene *mtp_scene_draw(const mtp_bundle *bundle, double width,
                          void (*draw)(const mtp_bundle *bundle, double width,
                                       mtp_scene *scene))
{
    mtp_scene *scene = mtp_scene_new();

    if (scene) {
        draw(bundle, width, scene);
        if (scene->failed) {
            mtp_scene_free(scene);
            return NULL;
        }
    }
    return scene;
}

void mtp_scene_free(mtp_scene *scene)
{
    if (scene) {
        mtp_arena_free(scene->arena);
    }
}

mtp_scene *mtp_scene_done(mtp_scene *scene)
{
    if (scene && scene->failed) {
        mtp_scene_free(scene);
        return NULL;
    }
    return scene;
}

static void add(mtp_scene *scene, const mtp_shape *shape)
{
    if (!scene->failed && scene->count == scene->capacity) {
        size_t capacity = scene->capacity > 0 ? 2 * scene->capacity : 256;
        mtp_shape *grown = MTP_ARENA_ARRAY(scene->arena, capacity, mtp_shape);

        if (grown && scene->count > 0) {
            memcpy(grown, scene->shape, scene->count * sizeof *grown);
        }
        scene->failed = !grown;
        scene->shape = grown ? grown : scene->shape;
        scene->capacity = grown ? capacity : scene->capacity;
    }
    if (!scene->failed) {
        scene->shape[scene->count++] = *shape;
    }
}

void mtp_scene_line(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point from,
                    mtp_point to)
{
    add(scene, &(mtp_shape){.kind = MTP_SHAPE_LINE,
                            .mark = mark,
                            .row = row,
                            .n_points = 2,
                            .point = {from, to}});
}

void mtp_scene_rect(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point upper_left,
                    mtp_point lower_right)
{
    add(scene, &(mtp_shape){.kind = MTP_SHAPE_RECT,
                            .mark = mark,
                            .row = row,
                            .n_points = 2,
                            .point = {upper_left, lower_right}});
}

void mtp_scene_polygon(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                       const mtp_point point[])
{
    mtp_shape shape = {
        .kind = MTP_SHAPE_POLYGON, .mark = mark, .row = row, .n_points = n};

    assert(n <= MTP_SHAPE_POINTS);
    memcpy(shape.point, point, n * sizeof point[0]);
    add(scene, &shape);
}

void mtp_scene_circle(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point center,
                      double radius)
{
    add(scene, &(mtp_shape){.kind = MTP_SHAPE_CIRCLE,
                            .mark = mark,
                            .row = row,
                            .n_points = 2,
                            .point = {{center.x - radius, center.y - radius},
                                      {center.x + radius, center.y + radius}}});
}

static void add_path(mtp_scene *scene, mtp_shape shape, const mtp_point point[])
{
    mtp_point *copy = MTP_ARENA_ARRAY(scene->arena, shape.n_points, mtp_point);

    if (!copy) {
        scene->failed = true;
        return;
    }
    memcpy(copy, point, shape.n_points * sizeof *copy);
    shape.path = copy;
    add(scene, &shape);
}

void mtp_scene_path(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                    const mtp_point point[])
{
    if (n >= 2) {
        add_path(scene,
                 (mtp_shape){
                     .kind = MTP_SHAPE_PATH, .mark = mark, .row = row, .n_points = n},
                 point);
    }
}

void mtp_scene_region(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                      const mtp_point point[])
{
    if (n >= 3) {
        add_path(scene,
                 (mtp_shape){
                     .kind = MTP_SHAPE_REGION, .mark = mark, .row = row, .n_points = n},
                 point);
    }
}

void mtp_scene_text(mtp_scene *scene, mtp_text_format format, size_t row, mtp_point at,
                    const char *text)
{
    if (text[0] != '\0') {
        add(scene, &(mtp_shape){.kind = MTP_SHAPE_TEXT,
                                .mark = format.mark,
                                .row = row,
                                .n_points = 1,
                                .point = {at},
                                .text = text,
                                .bold = format.bold,
                                .anchor = format.anchor});
    }
}

const char *mtp_scene_printf(mtp_scene *scene, const char *format, ...)
{
    const char *text;
    va_list args;

    va_start(args, format);
    text = mtp_arena_vprintf(scene->arena, format, args);
    va_end(args);
    scene->failed = scene->failed || !text;
    return text ? text : "";
}

static mtp_box text_box(const mtp_shape *shape)
{
    static const double before[] = {
        [MTP_ANCHOR_START] = 0.0, [MTP_ANCHOR_MIDDLE] = 0.5, [MTP_ANCHOR_END] = 1.0};
    double size = mtp_mark_get(shape->mark)->text_size;
    double width = mtp_text_width(shape->text, size, shape->bold);
    double left = shape->point[0].x - before[shape->anchor] * width;

    return (mtp_box){left, shape->point[0].y - MTP_TEXT_ASCENT * size, left + width,
                     shape->point[0].y + MTP_TEXT_DESCENT * size};
}

mtp_box mtp_shape_box(const mtp_shape *shape)
{
    const mtp_point *point = shape->path ? shape->path : shape->point;
    mtp_box box = {point[0].x, point[0].y, point[0].x, point[0].y};

    if (shape->kind == MTP_SHAPE_TEXT) {
        return text_box(shape);
    }
    for (size_t i = 1; i < shape->n_points; i++) {
        box.left = fmin(box.left, point[i].x);
        box.right = fmax(box.right, point[i].x);
        box.top = fmin(box.top, point[i].y);
        box.bottom = fmax(box.bottom, point[i].y);
    }
    return box;
}

/* Cut the range [share[0], share[1]] of a segment down to where its coordinate, which
 * runs from `from` by `step`, lies between two values. */
static void cut(double from, double step, double low, double high, double share[2])
{
    double a = (low - from) / step, b = (high - from) / step;

    if (step != 0.0) {
        share[0] = fmax(share[0], fmin(a, b));
        share[1] = fmin(share[1], fmax(a, b));
    } else if (!(from > low && from < high)) {
        share[1] = -1.0;
    }
}

static bool segment_touches(mtp_point from, mtp_point to, mtp_box box)
{
    double share[2] = {0.0, 1.0};

    cut(from.x, to.x - from.x, box.left, box.right, share);
    cut(from.y, to.y - from.y, box.top, box.bottom, share);
    return share[0] < share[1];
}

bool mtp_shape_touches(const mtp_shape *shape, mtp_box box)
{
    const mtp_point *point = shape->path ? shape->path : shape->point;
    mtp_box own;

    if (shape->kind == MTP_SHAPE_LINE || shape->kind == MTP_SHAPE_PATH) {
        for (size_t i = 1; i < shape->n_points; i++) {
            if (segment_touches(point[i - 1], point[i], box)) {
                return true;
            }
        }
        return false;
    }
    own = mtp_shape_box(shape);
    return box.left < own.right && own.left < box.right && box.top < own.bottom &&
           own.top < box.bottom;
}
