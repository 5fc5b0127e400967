/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/figure.h"

#include "analysis/options.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "plot/figure_picture.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

MTP_NAMES(figure_format, mtp_figure_format, MTP_FIGURE_FORMAT_LIST,
          MTP_FIGURE_FORMAT_COUNT)

#define DEFAULT_DPI 300.0

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

static mtp_status make(const mtp_bundle *bundle, const mtp_figure_info *kind,
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
        status =
            mtp_figure_pages(bundle, options, &made->figure, made->arena, &out, err);
    } else {
        status = mtp_figure_picture(bundle, kind, format, options, &made->figure,
                                    made->arena, &out, err);
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
    const mtp_figure_info *info;
    owner *made;
    mtp_status status = effective(given, &options, err);

    assert(bundle && figure && kind < MTP_FIGURE_COUNT);
    if (status != MTP_OK) {
        return status;
    }
    info = mtp_figure_kind_get(kind);
    if (!info->is_in(bundle)) {
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
    status = make(bundle, info, format, &options, made, err);
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
