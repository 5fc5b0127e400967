/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forest plot on several pages. */
#include "core/error.h"
#include "plot/forest_figure.h"
#include "plot/forest_kind.h"
#include "plot/forest_text.h"
#include "plot/svg.h"

#include <math.h>

#define NUMBER_HEIGHT 12.0 /* of the line with the number of the page */
enum { LAST_LINES = 6 };   /* that come with a footer which needs a page of its own */

/* How a figure is divided. */
typedef struct division {
    const mtp_forest_figure *figure;
    double room, footer; /* for lines; of it, what the footer takes on the last page */
} division;

/* Height of the lines from `first` to before `end`. */
static double height_of(const mtp_forest_figure *figure, size_t first, size_t end)
{
    const mtp_forest_line *a = &figure->line[first], *b = &figure->line[end - 1];

    return b->middle + 0.5 * b->height - (a->middle - 0.5 * a->height) +
           a->space_before;
}

/* A study, or a fit. */
static bool is_study(const mtp_forest_figure *figure, const mtp_forest_line *line)
{
    const mtp_forest_row *row;

    if (line->kind != MTP_LINE_ROW) {
        return false;
    }
    row = &figure->forest->row[line->row];
    return mtp_forest_is_study(row) || row->kind == MTP_FOREST_LEFT_OUT ||
           row->kind == MTP_FOREST_CUMULATIVE;
}

/* A page begins with a heading or a study, and ends with neither a heading nor, so that
 * diamonds stay with one of them, with the last study of a set. */
static bool may_end(const mtp_forest_figure *figure, size_t end)
{
    const mtp_forest_line *next = &figure->line[end];

    return end == figure->n_lines ||
           (figure->line[end - 1].kind != MTP_LINE_HEADING &&
            (next->kind == MTP_LINE_HEADING || is_study(figure, next)));
}

/* Where the page that begins with line `first` ends; *last: the footer fits, too. */
static size_t end_of(const division *d, size_t first, bool *last)
{
    const mtp_forest_figure *figure = d->figure;
    size_t n = figure->n_lines, end = first + 1;

    *last = height_of(figure, first, n) + d->footer <= d->room;
    if (*last) {
        return n;
    }
    while (end < n && height_of(figure, first, end + 1) <= d->room) {
        end++;
    }
    if (end == n) {
        end = n > first + 1 + LAST_LINES ? n - LAST_LINES : first + 1;
    }
    *last = end == n; /* of one line, with a footer as long as a page */
    for (size_t at = end; at > first; at--) {
        if (may_end(figure, at)) {
            return at;
        }
    }
    return end;
}

static void draw_number(const mtp_forest_figure *figure, double height, size_t page,
                        size_t n_pages)
{
    const mtp_text_format format = {MTP_MARK_FOOTER, false, MTP_ANCHOR_END};

    mtp_scene_text(
        figure->scene, format, MTP_NO_ROW,
        (mtp_point){figure->width - figure->space.margin,
                    height - figure->space.margin - 2.0},
        mtp_scene_printf(figure->scene, "Page %zu of %zu", page + 1, n_pages));
}

static void draw(mtp_forest_figure *figure, double width, double height, size_t page,
                 size_t *n_pages)
{
    double page_height = isfinite(width) ? height * figure->width / width : height;
    division d = {.figure = figure};
    double axis;
    size_t first = 0, end = 0, from = 0, to = figure->n_lines;
    bool last = false, footer = false;

    mtp_forest_measure_ends(figure, &axis, &d.footer);
    d.room =
        page_height - figure->body_top - axis - NUMBER_HEIGHT - figure->space.margin;
    for (*n_pages = 0; !last && first < figure->n_lines; first = end) {
        end = end_of(&d, first, &last);
        if (*n_pages == page) {
            from = first;
            to = end;
            footer = last;
        }
        ++*n_pages;
    }
    figure->line += from;
    figure->n_lines = to - from;
    if (!mtp_forest_place_lines(figure, figure->body_top)) {
        figure->scene->failed = true;
        return;
    }
    (void)mtp_forest_close_page(figure, footer);
    figure->scene->height = fmax(figure->scene->height, page_height);
    draw_number(figure, figure->scene->height, page, *n_pages);
}

mtp_scene *mtp_forest_page(const mtp_forest *forest, double width, double height,
                           size_t page, size_t *n_pages)
{
    mtp_forest_figure figure = mtp_forest_begin(forest);

    figure.room = width;
    if (figure.scene && mtp_forest_open_page(&figure)) {
        draw(&figure, width, height, page, n_pages);
    } else if (figure.scene) {
        figure.scene->failed = true;
    }
    return mtp_scene_done(figure.scene);
}

mtp_status mtp_forest_svg_pages(const mtp_bundle *bundle, double width, double height,
                                mtp_strbuf *out, mtp_error *err)
{
    mtp_forest *forest = NULL;
    mtp_status status = mtp_forest_new(bundle, &forest, err);
    size_t n = 1;

    for (size_t i = 0; i < n && status == MTP_OK; i++) {
        mtp_scene *scene = mtp_forest_page(forest, width, height, i, &n);

        if (!scene) {
            status = mtp_fail_nomem(err);
            break;
        }
        scene->scale = width / scene->width;
        mtp_svg_write(scene, out);
        mtp_scene_free(scene);
    }
    mtp_forest_free(forest);
    return status == MTP_OK && out->failed ? mtp_fail_nomem(err) : status;
}
