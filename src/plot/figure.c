/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/figure.h"

#include "metapool/forest.h"
#include "metapool/sensitivity_analysis.h"

#include "analysis/options.h"
#include "core/error.h"
#include "core/names.h"
#include "core/notes.h"
#include "core/number.h"
#include "core/owned.h"
#include "plot/baujat_figure.h"
#include "plot/bubble_figure.h"
#include "plot/composition_figure.h"
#include "plot/curve_figure.h"
#include "plot/drapery_figure.h"
#include "plot/forest_figure.h"
#include "plot/frame.h"
#include "plot/funnel_figure.h"
#include "plot/gosh_figure.h"
#include "plot/influence_figure.h"
#include "plot/labbe_figure.h"
#include "plot/paint.h"
#include "plot/profile_figure.h"
#include "plot/radial_figure.h"
#include "plot/raster.h"
#include "plot/svg.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

MTP_NAMES(figure_kind, mtp_figure_kind, MTP_FIGURE_LIST, MTP_FIGURE_COUNT)
MTP_NAMES(figure_format, mtp_figure_format, MTP_FIGURE_FORMAT_LIST,
          MTP_FIGURE_FORMAT_COUNT)

#define POINT         (25.4 / 72.0) /* in millimetres */
#define DEFAULT_DPI   300.0
#define SMALLEST_TEXT 5.0 /* points; journals ask for 5 to 7 at least */

/* A figure with what it owns. */
typedef struct owner {
    mtp_figure figure; /* first: a figure is its owner */
    mtp_arena *arena;
    char *bytes;
} owner;

void mtp_figure_options_init(mtp_figure_options *options, size_t size)
{
    mtp_figure_options defaults = {.size = size,
                                   .width = (double)NAN,
                                   .dpi = DEFAULT_DPI,
                                   .page_height = (double)NAN};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

void mtp_figure_options_of(const mtp_request *request, mtp_figure_options *options)
{
    const char *theme = mtp_request_get(request, "theme");

    mtp_figure_options_init(options, sizeof *options);
    options->width = mtp_request_number(request, MTP_OPT_WIDTH);
    options->dpi = mtp_request_number(request, MTP_OPT_DPI);
    options->page_height = mtp_request_number(request, MTP_OPT_PAGE_HEIGHT);
    if (theme) {
        options->theme = (mtp_theme)mtp_theme_from_id(theme);
    }
}

static mtp_status effective(const mtp_figure_options *given,
                            mtp_figure_options *options, mtp_error *err)
{
    mtp_figure_options_init(options, sizeof *options);
    if (given) {
        memcpy(options, given,
               given->size < sizeof *options ? given->size : sizeof *options);
    }
    if (!isnan(options->width) && !(options->width > 0.0 && options->width <= 1e4)) {
        return mtp_fail(err, MTP_E_ARG, "the width of a figure is up to 10000 mm");
    }
    if (!(options->dpi >= 1.0 && options->dpi <= 1e4)) {
        return mtp_fail(err, MTP_E_ARG, "dpi is from 1 to 10000");
    }
    if (!isnan(options->page_height) &&
        !(options->page_height >= 50.0 && options->page_height <= 1e4)) {
        return mtp_fail(err, MTP_E_ARG, "the height of a page is 50 to 10000 mm");
    }
    if ((unsigned)options->theme >= MTP_THEME_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "there is no such theme of colours");
    }
    return MTP_OK;
}

/* The kinds: each writes its numbers and draws its picture. */

typedef struct kind_info {
    mtp_command command;                     /* whose bundle it shows */
    bool (*is_in)(const mtp_bundle *bundle); /* whether it has what the figure shows */
    void (*csv)(const mtp_bundle *bundle, mtp_strbuf *out);
    void (*json)(const mtp_bundle *bundle, mtp_strbuf *out);
    /* For a page of that width in points, if it can; NULL when memory is exhausted. */
    mtp_scene *(*scene)(const mtp_bundle *bundle, double width);
} kind_info;

static bool has_pool(const mtp_bundle *bundle)
{
    return bundle->pool != NULL;
}

static void add_forest(const mtp_bundle *bundle,
                       mtp_status (*write)(const mtp_forest *, char **, mtp_error *),
                       mtp_strbuf *out)
{
    mtp_forest *forest = NULL;
    char *text = NULL;

    if (mtp_forest_new(bundle, &forest, NULL) == MTP_OK &&
        write(forest, &text, NULL) == MTP_OK) {
        mtp_strbuf_add(out, text);
    } else {
        out->failed = true;
    }
    free(text);
    mtp_forest_free(forest);
}

static void forest_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    add_forest(bundle, mtp_forest_csv, out);
}

static void forest_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    add_forest(bundle, mtp_forest_json, out);
}

/* Its width is that of its columns, or what is asked for where that is less. */
static mtp_scene *forest_scene(const mtp_bundle *bundle, double width)
{
    mtp_forest *forest = NULL;
    mtp_scene *scene = NULL;

    if (mtp_forest_new(bundle, &forest, NULL) == MTP_OK) {
        scene =
            mtp_forest_scene_within(forest, isnan(width) ? (double)INFINITY : width);
    }
    mtp_forest_free(forest);
    return scene;
}

static bool has_composition(const mtp_bundle *bundle)
{
    return bundle->composition != NULL;
}

static bool has_comparison(const mtp_bundle *bundle)
{
    return bundle->comparison != NULL;
}

static bool has_funnel(const mtp_bundle *bundle)
{
    return bundle->pool && bundle->funnel;
}

static bool has_bubble(const mtp_bundle *bundle)
{
    return bundle->regression && bundle->bubble;
}

static bool has_diagnostics(const mtp_bundle *bundle)
{
    return bundle->sensitivity && bundle->sensitivity->influence &&
           bundle->command != MTP_COMMAND_RADIAL; /* which leaves no study out */
}

static bool has_influence(const mtp_bundle *bundle)
{
    return bundle->pool && has_diagnostics(bundle);
}

static bool has_radial(const mtp_bundle *bundle)
{
    return bundle->pool && bundle->sensitivity && bundle->sensitivity->influence;
}

static bool has_gosh(const mtp_bundle *bundle)
{
    return bundle->gosh_map != NULL;
}

static bool has_curve(const mtp_bundle *bundle)
{
    return bundle->tau2_curve != NULL;
}

static bool has_two_groups(const mtp_bundle *bundle)
{
    return bundle->pool && mtp_labbe_has_points(bundle);
}

static const kind_info kinds[MTP_FIGURE_COUNT] = {
    [MTP_FIGURE_FOREST] = {MTP_COMMAND_FOREST, has_pool, forest_csv, forest_json,
                           forest_scene},
    [MTP_FIGURE_COMPOSITION] = {MTP_COMMAND_COMPOSITION_FIGURE, has_composition,
                                mtp_composition_figure_csv, mtp_composition_figure_json,
                                mtp_composition_scene},
    [MTP_FIGURE_COMPARE] = {MTP_COMMAND_COMPARE_FIGURE, has_comparison, mtp_curve_csv,
                            mtp_curve_json, mtp_curve_scene},
    [MTP_FIGURE_FUNNEL] = {MTP_COMMAND_FUNNEL, has_funnel, mtp_funnel_csv,
                           mtp_funnel_json, mtp_funnel_scene},
    [MTP_FIGURE_BAUJAT] = {MTP_COMMAND_DIAGNOSTICS, has_influence, mtp_baujat_csv,
                           mtp_baujat_json, mtp_baujat_scene},
    [MTP_FIGURE_RADIAL] = {MTP_COMMAND_RADIAL, has_radial, mtp_radial_csv,
                           mtp_radial_json, mtp_radial_scene},
    [MTP_FIGURE_LABBE] = {MTP_COMMAND_LABBE, has_two_groups, mtp_labbe_csv,
                          mtp_labbe_json, mtp_labbe_scene},
    [MTP_FIGURE_GOSH] = {MTP_COMMAND_GOSH_FIGURE, has_gosh, mtp_gosh_figure_csv,
                         mtp_gosh_figure_json, mtp_gosh_scene},
    [MTP_FIGURE_INFLUENCE] = {MTP_COMMAND_DIAGNOSTICS, has_diagnostics,
                              mtp_influence_csv, mtp_influence_json,
                              mtp_influence_scene},
    [MTP_FIGURE_PROFILE] = {MTP_COMMAND_TAU2_CURVE, has_curve, mtp_profile_csv,
                            mtp_profile_json, mtp_profile_scene},
    [MTP_FIGURE_DRAPERY] = {MTP_COMMAND_DRAPERY, has_pool, mtp_drapery_csv,
                            mtp_drapery_json, mtp_drapery_scene},
    [MTP_FIGURE_BUBBLE] = {MTP_COMMAND_BUBBLE, has_bubble, mtp_bubble_csv,
                           mtp_bubble_json, mtp_bubble_scene},
};

mtp_command mtp_figure_kind_command(mtp_figure_kind kind)
{
    return kinds[kind].command;
}

/* Pictures */

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

static mtp_status draw_picture(const mtp_bundle *bundle, const kind_info *kind,
                               mtp_figure_format format,
                               const mtp_figure_options *options, owner *made,
                               mtp_strbuf *out, mtp_error *err)
{
    double width = kind->scene == forest_scene ? options->width / POINT
                                               : mtp_frame_width(options->width);
    mtp_scene *scene = kind->scene(bundle, width);
    mtp_note_list notes;
    mtp_status status;

    if (!scene) {
        return mtp_fail_nomem(err);
    }
    mtp_note_list_init(&notes, made->arena);
    if (!isnan(options->width)) {
        scene->scale = options->width / (scene->width * POINT);
    }
    scene->theme = options->theme;
    note_small_text(scene, &notes);
    status = write_picture(scene, format, options->dpi, &notes, out, err);
    made->figure.width = scene->width * scene->scale * POINT;
    made->figure.height = scene->height * scene->scale * POINT;
    made->figure.n_pages = 1;
    made->figure.notes = mtp_note_list_done(&notes);
    mtp_scene_free(scene);
    return status == MTP_OK && notes.failed ? mtp_fail_nomem(err) : status;
}

/* The pages of a forest plot, as SVG, while they are drawn. */
typedef struct page_list {
    const mtp_forest *forest;
    const mtp_figure_options *options;
    size_t n, drawn;
    mtp_raster_page *page; /* [n] */
    owner *made;
    mtp_note_list notes;
} page_list;

static mtp_status draw_page(page_list *list, mtp_error *err)
{
    const mtp_figure_options *options = list->options;
    double width = isnan(options->width) ? (double)INFINITY : options->width / POINT;
    mtp_scene *scene = mtp_forest_page(
        list->forest, width, options->page_height / POINT, list->drawn, &list->n);
    mtp_arena *arena = list->made->arena;
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

static mtp_status draw_pages(const mtp_bundle *bundle,
                             const mtp_figure_options *options, owner *made,
                             mtp_strbuf *out, mtp_error *err)
{
    page_list list = {.options = options, .n = 1, .made = made};
    mtp_forest *forest = NULL;
    mtp_status status = mtp_forest_new(bundle, &forest, err);

    list.forest = forest;
    mtp_note_list_init(&list.notes, made->arena);
    while (status == MTP_OK && list.drawn < list.n) {
        status = draw_page(&list, err);
    }
    if (status == MTP_OK) {
        status = mtp_raster_pdf(list.n, list.page, out, err);
    }
    if (status == MTP_OK) {
        note_font(&list.notes);
        made->figure.width = list.page[0].width * POINT;
        made->figure.height = list.page[0].height * POINT;
        made->figure.n_pages = list.n;
        made->figure.notes = mtp_note_list_done(&list.notes);
    }
    mtp_forest_free(forest);
    return status == MTP_OK && list.notes.failed ? mtp_fail_nomem(err) : status;
}

static mtp_status make(const mtp_bundle *bundle, const kind_info *kind,
                       mtp_figure_format format, const mtp_figure_options *options,
                       owner *made, mtp_error *err)
{
    mtp_strbuf out;
    mtp_status status = MTP_OK;

    mtp_strbuf_init(&out);
    if (format == MTP_FIGURE_CSV) {
        kind->csv(bundle, &out);
    } else if (format == MTP_FIGURE_JSON) {
        kind->json(bundle, &out);
    } else if (!isnan(options->page_height)) {
        status = draw_pages(bundle, options, made, &out, err);
    } else {
        status = draw_picture(bundle, kind, format, options, made, &out, err);
    }
    made->bytes = mtp_strbuf_take(&out, &made->figure.length);
    made->figure.bytes = made->bytes;
    return status == MTP_OK && !made->bytes ? mtp_fail_nomem(err) : status;
}

mtp_status mtp_figure_draw(const mtp_bundle *bundle, mtp_figure_kind kind,
                           mtp_figure_format format, const mtp_figure_options *given,
                           mtp_figure **figure, mtp_error *err)
{
    mtp_figure_options options;
    mtp_arena *arena;
    owner *made;
    mtp_status status = effective(given, &options, err);

    assert(bundle && figure && kind < MTP_FIGURE_COUNT);
    if (status != MTP_OK) {
        return status;
    }
    if (!kinds[kind].is_in(bundle)) {
        return bundle->regression
                   ? mtp_fail(
                         err, MTP_E_ARG,
                         "a %s shows a pooling, not a regression: leave --mods out",
                         mtp_figure_kind_label(kind))
                   : mtp_fail(err, MTP_E_ARG,
                              "a %s shows what this analysis did not make",
                              mtp_figure_kind_label(kind));
    }
    if (!isnan(options.page_height) &&
        (kind != MTP_FIGURE_FOREST || format != MTP_FIGURE_PDF)) {
        return mtp_fail(err, MTP_E_ARG, "only a forest plot as pdf has pages");
    }
    arena = mtp_arena_new();
    made = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->arena = arena;
    made->figure.width = made->figure.height = (double)NAN;
    status = make(bundle, &kinds[kind], format, &options, made, err);
    if (status != MTP_OK) {
        mtp_figure_free(&made->figure);
        return status;
    }
    *figure = &made->figure;
    return MTP_OK;
}

void mtp_figure_free(mtp_figure *figure)
{
    owner *made = (owner *)figure;

    if (made) {
        free(made->bytes);
        mtp_arena_free(made->arena);
    }
}
