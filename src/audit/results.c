/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an analysis gives as files. */
#include "metapool/forest.h"
#include "metapool/report.h"

#include "audit/workspace.h"
#include "core/error.h"
#include "core/strbuf.h"

#include <string.h>

enum { FILES = 3 };

/* Results with what they own. */
typedef struct owner {
    mtp_results results; /* first: results are their owner */
    mtp_arena *arena;
    mtp_bundle *bundle;
    mtp_figure *figure, *svg;
    char *text[FILES];
    mtp_result_file file[FILES];
} owner;

void mtp_results_free(mtp_results *results)
{
    owner *made = (owner *)results;

    if (!made) {
        return;
    }
    for (size_t i = 0; i < FILES; i++) {
        mtp_text_free(made->text[i]);
    }
    mtp_figure_free(made->figure);
    mtp_figure_free(made->svg);
    mtp_bundle_free(made->bundle);
    mtp_arena_free(made->arena);
}

static mtp_status add_file(owner *made, const char *suffix, const char *bytes,
                           size_t length, mtp_error *err)
{
    mtp_result_file *file = &made->file[made->results.n_files];

    file->name =
        mtp_arena_printf(made->arena, "%s.%s", made->results.analysis->name, suffix);
    file->bytes = bytes;
    file->length = length;
    made->results.n_files++;
    return file->name ? MTP_OK : mtp_fail_nomem(err);
}

/* `plot: true` among the options: the forest plot in characters under the text. */
static mtp_status add_plot(const mtp_bundle *bundle, const mtp_request *request,
                           mtp_strbuf *out, mtp_error *err)
{
    mtp_forest_text_options options;
    mtp_forest *forest = NULL;
    char *text = NULL;
    mtp_status status = mtp_forest_new(bundle, &forest, err);

    mtp_forest_text_options_init(&options, sizeof options);
    options.ascii = strcmp(mtp_request_get(request, "charset"), "ascii") == 0;
    if (status == MTP_OK) {
        status = mtp_forest_text(forest, &options, &text, err);
    }
    if (status == MTP_OK) {
        mtp_strbuf_printf(out, "\n%s", text);
    }
    mtp_text_free(text);
    mtp_forest_free(forest);
    return status;
}

static mtp_status add_report(owner *made, const mtp_request *request, mtp_format format,
                             const char *suffix, mtp_error *err)
{
    const char *plot = mtp_request_get(request, "plot");
    mtp_report_options options;
    mtp_strbuf out;
    char *text = NULL;
    size_t length = 0;
    mtp_status status;

    mtp_report_options_init(&options, sizeof options);
    options.digits = (int)mtp_request_number(request, MTP_OPT_DIGITS);
    status = mtp_report(made->bundle, format, &options, &text, &length, err);
    if (status != MTP_OK) {
        return status;
    }
    if (format == MTP_FORMAT_TEXT && plot && strcmp(plot, "true") == 0) {
        mtp_strbuf_init(&out);
        mtp_strbuf_add_bytes(&out, text, length);
        mtp_text_free(text);
        status = add_plot(made->bundle, request, &out, err);
        text = mtp_strbuf_take(&out, &length);
        status = status == MTP_OK && !text ? mtp_fail_nomem(err) : status;
    }
    made->text[made->results.n_files] = text;
    return status == MTP_OK ? add_file(made, suffix, text, length, err) : status;
}

static mtp_status make_reports(owner *made, const mtp_request *request, mtp_error *err)
{
    mtp_status status = add_report(made, request, MTP_FORMAT_JSON, "json", err);

    if (status == MTP_OK) {
        status = add_report(made, request, MTP_FORMAT_TEXT, "txt", err);
    }
    return status == MTP_OK ? add_report(made, request, MTP_FORMAT_CSV, "csv", err)
                            : status;
}

static mtp_status make_figure(owner *made, const mtp_request *request, mtp_error *err)
{
    const char *name = mtp_request_get(request, "format");
    int found = name ? mtp_figure_format_from_id(name) : (int)MTP_FIGURE_SVG;
    mtp_figure_kind kind = (mtp_figure_kind)made->results.analysis->kind;
    mtp_figure_format format = (mtp_figure_format)found;
    mtp_figure_options options;
    mtp_status status;

    if (found < 0) {
        return mtp_fail(err, MTP_E_ARG,
                        "a plot has svg, pdf, png, csv and json, not %s", name);
    }
    mtp_figure_options_of(request, &options);
    status = mtp_figure_draw(made->bundle, kind, format, &options, &made->figure, err);
    if (status == MTP_OK) {
        made->results.notes = made->figure->notes;
        status = add_file(made, mtp_figure_format_id(format), made->figure->bytes,
                          made->figure->length, err);
    }
    if (status == MTP_OK && format != MTP_FIGURE_SVG) {
        status = mtp_figure_draw(made->bundle, kind, MTP_FIGURE_SVG, &options,
                                 &made->svg, err);
    }
    if (status == MTP_OK) {
        const mtp_figure *drawn = made->svg ? made->svg : made->figure;

        made->results.svg = drawn->bytes;
        made->results.svg_height = drawn->height;
    }
    return status;
}

static mtp_status make_page(owner *made, mtp_workspace *workspace,
                            const mtp_request *request, mtp_problems *problems,
                            mtp_error *err)
{
    size_t length = 0;
    mtp_status status =
        mtp_workspace_page(workspace, made->results.analysis, &made->text[0], &length,
                           &made->bundle, problems, err);

    if (status == MTP_OK) {
        status = add_file(made, "html", made->text[0], length, err);
    }
    return status == MTP_OK ? add_report(made, request, MTP_FORMAT_JSON, "json", err)
                            : status;
}

static mtp_status make(owner *made, mtp_workspace *workspace,
                       const mtp_request *request, mtp_problems *problems,
                       mtp_error *err)
{
    const mtp_file_analysis *analysis = made->results.analysis;
    mtp_status status;

    if (analysis->command == MTP_COMMAND_PAGE) {
        return make_page(made, workspace, request, problems, err);
    }
    status = mtp_workspace_run_request(workspace, analysis, request, &made->bundle,
                                       problems, err);
    if (status != MTP_OK) {
        return status;
    }
    return analysis->kind >= 0 ? make_figure(made, request, err)
                               : make_reports(made, request, err);
}

mtp_status mtp_workspace_results(mtp_workspace *workspace,
                                 const mtp_file_analysis *analysis,
                                 mtp_results **results, mtp_problems *problems,
                                 mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owner *made = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    mtp_request *request = NULL;
    mtp_status status;

    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->arena = arena;
    made->results.analysis = analysis;
    made->results.files = made->file;
    status = mtp_workspace_request(workspace, analysis, &request, err);
    if (status == MTP_OK) {
        status = make(made, workspace, request, problems, err);
    }
    if (status == MTP_OK) {
        made->results.digits = (int)mtp_request_number(request, MTP_OPT_DIGITS);
    }
    mtp_request_free(request);
    if (status != MTP_OK) {
        mtp_results_free(&made->results);
        return status;
    }
    made->results.bundle = made->bundle;
    *results = &made->results;
    return MTP_OK;
}
