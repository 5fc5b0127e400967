/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of figures as SVG, PDF and PNG, one or page by page, and what is to be said
 * of their text. */
#include "plot/figure_picture.h"

#include "metapool/forest.h"

#include "core/error.h"
#include "core/notes.h"
#include "core/number.h"
#include "plot/forest_figure.h"
#include "plot/frame.h"
#include "plot/paint.h"
#include "plot/raster.h"
#include "plot/svg.h"

#include <math.h>

#define POINT         (25.4 / 72.0) /* in millimetres */
#define SMALLEST_TEXT 5.0           /* points; journals ask for 5 to 7 at least */

static void note_small_text(const mtp_scene *scene, mtp_note_list *notes)
{
    double smallest = (double)INFINITY;

    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shape[i].kind == MTP_SHAPE_TEXT) {
            smallest = fmin(smallest, mtp_mark_get(scene->shape[i].mark)->text_size);
        }
    }
    if (smallest * scene->scale < SMALLEST_TEXT) {
        mtp_note_add(notes, MTP_NOTE_SMALL_TEXT, 0,
                     "at a width of %.0f mm the smallest text has %s points, too "
                     "small to print; the figure's own width is %.0f mm",
                     scene->width * scene->scale * POINT,
                     mtp_number_brief(smallest * scene->scale, 2).text,
                     scene->width * POINT);
    }
}

static void note_font(mtp_note_list *notes)
{
    char family[MTP_RASTER_FAMILY];

    if (!mtp_raster_font_fits(family)) {
        mtp_note_add(notes, MTP_NOTE_FONT_SUBSTITUTED, 0,
                     "the figure is laid out for Arial, Helvetica or Liberation Sans, "
                     "none of which is installed: %s%s; install one of them "
                     "(fonts-liberation), or its text may overlap",
                     family[0] ? "its text is set in " : "there is no font at all",
                     family);
    }
}

static mtp_status write_picture(const mtp_scene *scene, mtp_figure_format format,
                                double dpi, mtp_note_list *notes, mtp_strbuf *out,
                                mtp_error *err)
{
    mtp_strbuf svg;
    mtp_raster_page page = {.title = scene->title,
                            .width = scene->width * scene->scale,
                            .height = scene->height * scene->scale};
    mtp_status status;

    if (format == MTP_FIGURE_SVG) {
        mtp_svg_write(scene, out);
        return MTP_OK;
    }
    mtp_colour_read(mtp_paint_page(scene->theme), page.rgb);
    mtp_strbuf_init(&svg);
    mtp_svg_write(scene, &svg);
    page.svg = svg.text;
    page.length = svg.length;
    status = svg.failed                 ? mtp_fail_nomem(err)
             : format == MTP_FIGURE_PDF ? mtp_raster_pdf(1, &page, out, err)
                                        : mtp_raster_png(&page, dpi, out, err);
    mtp_strbuf_free(&svg);
    if (status == MTP_OK) {
        note_font(notes);
    }
    return status;
}

mtp_status mtp_figure_picture(const mtp_bundle *bundle, const mtp_figure_info *kind,
                              mtp_figure_format format,
                              const mtp_figure_options *options, mtp_figure *figure,
                              mtp_arena *arena, mtp_strbuf *out, mtp_error *err)
{
    double width =
        kind->columns ? options->width / POINT : mtp_frame_width(options->width);
    mtp_scene *scene = kind->scene(bundle, width);
    mtp_note_list notes;
    mtp_status status;

    if (!scene) {
        return mtp_fail_nomem(err);
    }
    mtp_note_list_init(&notes, arena);
    if (!isnan(options->width)) {
        scene->scale = options->width / (scene->width * POINT);
    }
    scene->theme = options->theme;
    note_small_text(scene, &notes);
    status = write_picture(scene, format, options->dpi, &notes, out, err);
    figure->width = scene->width * scene->scale * POINT;
    figure->height = scene->height * scene->scale * POINT;
    figure->n_pages = 1;
    figure->notes = mtp_note_list_done(&notes);
    mtp_scene_free(scene);
    return status == MTP_OK && notes.failed ? mtp_fail_nomem(err) : status;
}

/* The pages of a forest plot, as SVG, while they are drawn. */
typedef struct page_list {
    const mtp_forest *forest;
    const mtp_figure_options *options;
    size_t n, drawn;
    mtp_raster_page *page; /* [n] */
    mtp_arena *arena;
    mtp_note_list notes;
} page_list;

static mtp_status draw_page(page_list *list, mtp_error *err)
{
    const mtp_figure_options *options = list->options;
    double width = isnan(options->width) ? (double)INFINITY : options->width / POINT;
    mtp_scene *scene = mtp_forest_page(
        list->forest, width, options->page_height / POINT, list->drawn, &list->n);
    mtp_arena *arena = list->arena;
    mtp_raster_page *page;
    mtp_strbuf svg;

    if (!scene) {
        return mtp_fail_nomem(err);
    }
    if (list->drawn == 0) {
        list->page = MTP_ARENA_ARRAY(arena, list->n, mtp_raster_page);
    }
    page = list->page ? &list->page[list->drawn] : NULL;
    scene->scale = isfinite(width) ? width / scene->width : 1.0;
    scene->theme = options->theme;
    mtp_strbuf_init(&svg);
    mtp_svg_write(scene, &svg);
    if (page) {
        *page = (mtp_raster_page){
            .svg = svg.failed ? NULL : mtp_arena_strndup(arena, svg.text, svg.length),
            .length = svg.length,
            .title = mtp_arena_strdup(arena, scene->title),
            .width = scene->width * scene->scale,
            .height = scene->height * scene->scale};
        mtp_colour_read(mtp_paint_page(scene->theme), page->rgb);
    }
    if (list->drawn++ == 0) {
        note_small_text(scene, &list->notes);
    }
    mtp_strbuf_free(&svg);
    mtp_scene_free(scene);
    return page && page->svg && page->title ? MTP_OK : mtp_fail_nomem(err);
}

mtp_status mtp_figure_pages(const mtp_bundle *bundle, const mtp_figure_options *options,
                            mtp_figure *figure, mtp_arena *arena, mtp_strbuf *out,
                            mtp_error *err)
{
    page_list list = {.options = options, .n = 1, .arena = arena};
    mtp_forest *forest = NULL;
    mtp_status status = mtp_forest_new(bundle, &forest, err);

    list.forest = forest;
    mtp_note_list_init(&list.notes, arena);
    while (status == MTP_OK && list.drawn < list.n) {
        status = draw_page(&list, err);
    }
    if (status == MTP_OK) {
        status = mtp_raster_pdf(list.n, list.page, out, err);
    }
    if (status == MTP_OK) {
        note_font(&list.notes);
        figure->width = list.page[0].width * POINT;
        figure->height = list.page[0].height * POINT;
        figure->n_pages = list.n;
        figure->notes = mtp_note_list_done(&list.notes);
    }
    mtp_forest_free(forest);
    return status == MTP_OK && list.notes.failed ? mtp_fail_nomem(err) : status;
}
