/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/svg.h"

#include "core/number.h"
#include "plot/paint.h"
#include "text/markup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where a scene goes, and the colours of its marks. */
typedef struct writer {
    mtp_strbuf *out;
    mtp_paint paint[MTP_MARK_COUNT];
} writer;

static void add_coordinate(mtp_strbuf *out, double value)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_fixed(value, 2, text, sizeof text);
    mtp_strbuf_add(out, text);
}

static void add_attribute(mtp_strbuf *out, const char *name, double value)
{
    mtp_strbuf_printf(out, " %s=\"", name);
    add_coordinate(out, value);
    mtp_strbuf_add_char(out, '"');
}

static void add_class(mtp_strbuf *out, const mtp_shape *shape)
{
    mtp_strbuf_printf(out, " class=\"%s\"", mtp_mark_get(shape->mark)->class);
    if (shape->row != MTP_NO_ROW) {
        mtp_strbuf_printf(out, " data-row=\"%zu\"", shape->row + 1);
    }
}

static void add_paint(const writer *w, mtp_mark mark)
{
    const mtp_mark_style *style = mtp_mark_get(mark);
    const mtp_paint *paint = &w->paint[mark];
    mtp_strbuf *out = w->out;

    mtp_strbuf_printf(out, " fill=\"%s\"", style->fill ? paint->fill : "none");
    if (style->stroke) {
        mtp_strbuf_printf(out, " stroke=\"%s\"", paint->stroke);
        add_attribute(out, "stroke-width", style->stroke_width);
    }
    if (style->dashes) {
        mtp_strbuf_printf(out, " stroke-dasharray=\"%s\"", style->dashes);
    }
}

static void add_line(const writer *w, const mtp_shape *shape)
{
    mtp_strbuf *out = w->out;
    mtp_strbuf_add(out, "<line");
    add_class(out, shape);
    add_attribute(out, "x1", shape->point[0].x);
    add_attribute(out, "y1", shape->point[0].y);
    add_attribute(out, "x2", shape->point[1].x);
    add_attribute(out, "y2", shape->point[1].y);
    add_paint(w, shape->mark);
    mtp_strbuf_add(out, "/>\n");
}

static void add_rect(const writer *w, const mtp_shape *shape)
{
    mtp_strbuf *out = w->out;
    mtp_strbuf_add(out, "<rect");
    add_class(out, shape);
    add_attribute(out, "x", shape->point[0].x);
    add_attribute(out, "y", shape->point[0].y);
    add_attribute(out, "width", shape->point[1].x - shape->point[0].x);
    add_attribute(out, "height", shape->point[1].y - shape->point[0].y);
    add_paint(w, shape->mark);
    mtp_strbuf_add(out, "/>\n");
}

static void add_points(const writer *w, const char *element, const mtp_shape *shape)
{
    mtp_strbuf *out = w->out;
    const mtp_point *point = shape->path ? shape->path : shape->point;

    mtp_strbuf_add_char(out, '<');
    mtp_strbuf_add(out, element);
    add_class(out, shape);
    mtp_strbuf_add(out, " points=\"");
    for (size_t i = 0; i < shape->n_points; i++) {
        mtp_strbuf_add(out, i > 0 ? " " : "");
        add_coordinate(out, point[i].x);
        mtp_strbuf_add_char(out, ',');
        add_coordinate(out, point[i].y);
    }
    mtp_strbuf_add_char(out, '"');
    add_paint(w, shape->mark);
    mtp_strbuf_add(out, "/>\n");
}

static void add_polygon(const writer *w, const mtp_shape *shape)
{
    add_points(w, "polygon", shape);
}

static void add_path(const writer *w, const mtp_shape *shape)
{
    add_points(w, "polyline", shape);
}

static void add_circle(const writer *w, const mtp_shape *shape)
{
    mtp_strbuf *out = w->out;
    mtp_point a = shape->point[0], b = shape->point[1];

    mtp_strbuf_add(out, "<circle");
    add_class(out, shape);
    add_attribute(out, "cx", 0.5 * (a.x + b.x));
    add_attribute(out, "cy", 0.5 * (a.y + b.y));
    add_attribute(out, "r", 0.5 * (b.x - a.x));
    add_paint(w, shape->mark);
    mtp_strbuf_add(out, "/>\n");
}

/* The text; of a tick that is a power of ten, "10^7", the power stands raised. */
static void add_words(mtp_strbuf *out, const mtp_shape *shape, double size)
{
    const char *power =
        shape->mark == MTP_MARK_TICK_LABEL && strncmp(shape->text, "10^", 3) == 0
            ? shape->text + 3
            : NULL;

    if (!power) {
        mtp_markup_add(out, shape->text);
        return;
    }
    mtp_strbuf_add(out, "10<tspan");
    add_attribute(out, "dy", -0.4 * size);
    add_attribute(out, "font-size", 0.7 * size);
    mtp_strbuf_add_char(out, '>');
    mtp_markup_add(out, power);
    mtp_strbuf_add(out, "</tspan>");
}

static void add_text(const writer *w, const mtp_shape *shape)
{
    mtp_strbuf *out = w->out;
    static const char *const anchor[] = {[MTP_ANCHOR_START] = "",
                                         [MTP_ANCHOR_MIDDLE] =
                                             " text-anchor=\"middle\"",
                                         [MTP_ANCHOR_END] = " text-anchor=\"end\""};
    const mtp_mark_style *style = mtp_mark_get(shape->mark);

    mtp_strbuf_add(out, "<text");
    add_class(out, shape);
    add_attribute(out, "x", shape->point[0].x);
    add_attribute(out, "y", shape->point[0].y);
    mtp_strbuf_add(out, anchor[shape->anchor]);
    add_attribute(out, "font-size", style->text_size);
    mtp_strbuf_add(out, shape->bold ? " font-weight=\"bold\"" : "");
    add_paint(w, shape->mark);
    mtp_strbuf_add_char(out, '>');
    add_words(out, shape, style->text_size);
    mtp_strbuf_add(out, "</text>\n");
}

/* FNV-1a, 64 bits (G. Fowler, L. C. Noll and K.-P. Vo, 1991), over texts with the
 * NUL at the end of each. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    } while (*text++);
    return hash;
}

/* What all the figure's words make: two figures in one page must not share ids. */
static uint64_t hash_scene(const mtp_scene *scene)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    hash = hash_text(hash, scene->title);
    hash = hash_text(hash, scene->description);
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].kind == MTP_SHAPE_TEXT) {
            hash = hash_text(hash, scene->shape[i].text);
        }
    }
    return hash;
}

static void add_head(mtp_strbuf *out, const mtp_scene *scene)
{
    char id[17];

    (void)snprintf(id, sizeof id, "%016" PRIx64, hash_scene(scene));
    mtp_strbuf_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" ");
    if (scene->kind) {
        mtp_strbuf_printf(out, "class=\"%s\" ", scene->kind);
    }
    mtp_strbuf_printf(out,
                      "role=\"img\" aria-labelledby=\"mtp-title-%s mtp-desc-%s\" "
                      "width=\"",
                      id, id);
    add_coordinate(out, scene->width * scene->scale);
    mtp_strbuf_add(out, "pt\" height=\"");
    add_coordinate(out, scene->height * scene->scale);
    mtp_strbuf_add(out, "pt\" viewBox=\"0 0 ");
    add_coordinate(out, scene->width);
    mtp_strbuf_add_char(out, ' ');
    add_coordinate(out, scene->height);
    mtp_strbuf_printf(out,
                      "\" font-family=\"Arial, Helvetica, Liberation Sans, "
                      "sans-serif\">\n<title id=\"mtp-title-%s\">",
                      id);
    mtp_markup_add(out, scene->title);
    mtp_strbuf_printf(out, "</title>\n<desc id=\"mtp-desc-%s\">", id);
    mtp_markup_add(out, scene->description);
    mtp_strbuf_printf(out,
                      "</desc>\n<rect class=\"page\" width=\"100%%\" "
                      "height=\"100%%\" fill=\"%s\"/>\n",
                      mtp_paint_page(scene->theme));
}

static void add_shape(const writer *w, const mtp_shape *shape)
{
    static void (*const add[])(const writer *, const mtp_shape *) = {
        [MTP_SHAPE_LINE] = add_line,       [MTP_SHAPE_RECT] = add_rect,
        [MTP_SHAPE_POLYGON] = add_polygon, [MTP_SHAPE_TEXT] = add_text,
        [MTP_SHAPE_CIRCLE] = add_circle,   [MTP_SHAPE_PATH] = add_path,
        [MTP_SHAPE_REGION] = add_polygon,
    };

    add[shape->kind](w, shape);
}

/* All shapes of the row that `first` is the first of, in one group. */
static void add_group(const writer *w, const mtp_scene *scene, size_t first)
{
    size_t row = scene->shape[first].row;

    mtp_strbuf_printf(w->out, "<g class=\"%s\">\n", scene->row_kind[row]);
    if (scene->row_title[row]) {
        mtp_strbuf_add(w->out, "<title>");
        mtp_markup_add(w->out, scene->row_title[row]);
        mtp_strbuf_add(w->out, "</title>\n");
    }
    for (size_t i = first; i < scene->count; i++) {
        if (scene->shape[i].row == row) {
            add_shape(w, &scene->shape[i]);
        }
    }
    mtp_strbuf_add(w->out, "</g>\n");
}

static bool is_first_of_row(const mtp_scene *scene, size_t i)
{
    size_t row = scene->shape[i].row;

    while (i > 0 && scene->shape[i - 1].row != row) {
        i--;
    }
    return i == 0;
}

void mtp_svg_write(const mtp_scene *scene, mtp_strbuf *out)
{
    writer w = {.out = out};

    for (int mark = 0; mark < MTP_MARK_COUNT; mark++) {
        w.paint[mark] = mtp_paint_of(scene->theme, (mtp_mark)mark);
    }
    add_head(out, scene);
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].row >= scene->n_rows) {
            add_shape(&w, &scene->shape[i]);
        } else if (is_first_of_row(scene, i)) {
            add_group(&w, scene, i);
        }
    }
    mtp_strbuf_add(out, "</svg>\n");
}
