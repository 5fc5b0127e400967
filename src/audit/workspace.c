/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/workspace.h"

#include "metapool/page.h"

#include "core/error.h"
#include "core/strbuf.h"
#include "table/digest.h"
#include "table/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The options that decide what table an analysis has, and how it is read. */
static const char *const reading[] = {"delimiter", "missing", "decimal", "table"};

enum { READING = sizeof reading / sizeof *reading };

/* A table as it was read, or as a query made it. */
typedef struct kept {
    const mtp_file_data *data;
    const char *option[READING]; /* NULL: not given */
    const char *query;           /* NULL: as read */
    mtp_table *table;
    struct kept *next;
} kept;

struct mtp_workspace {
    const mtp_analysis_file *file;
    mtp_arena *arena;
    kept *first;
};

mtp_status mtp_workspace_new(const mtp_analysis_file *file, mtp_workspace **workspace,
                             mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_workspace *made = arena ? MTP_ARENA_NEW(arena, mtp_workspace) : NULL;

    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->file = file;
    made->arena = arena;
    *workspace = made;
    return MTP_OK;
}

void mtp_workspace_free(mtp_workspace *workspace)
{
    if (!workspace) {
        return;
    }
    for (kept *at = workspace->first; at; at = at->next) {
        mtp_table_free(at->table);
    }
    mtp_arena_free(workspace->arena);
}

/* Options in their order; what a command does not know is left out where it may be. */
static mtp_status set_options(mtp_request *request, size_t n,
                              const mtp_file_option option[], bool lenient,
                              mtp_error *err)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < n && status == MTP_OK; i++) {
        mtp_option_index index = mtp_option_find(request->command, option[i].name);

        if (!lenient || (index < MTP_OPT_COUNT && (mtp_option_get(index)->commands &
                                                   (unsigned)request->command))) {
            status = mtp_request_set(request, option[i].name, option[i].value, err);
        }
    }
    return status;
}

/* As another command than its own: what pools for a report. */
static mtp_status make_request(const mtp_file_analysis *analysis, mtp_command command,
                               mtp_request **request, mtp_error *err)
{
    const mtp_file_data *data = analysis->data;
    mtp_request *made = NULL;
    mtp_status status = mtp_request_new(command, &made, err);

    assert(!analysis->is_template);
    if (status == MTP_OK) {
        status = set_options(made, data->n_options, data->options, false, err);
    }
    if (status == MTP_OK) {
        status = set_options(made, analysis->n_options, analysis->options,
                             command != analysis->command, err);
    }
    if (status != MTP_OK) {
        mtp_request_free(made);
        return status;
    }
    *request = made;
    return MTP_OK;
}

mtp_status mtp_workspace_request(const mtp_workspace *workspace,
                                 const mtp_file_analysis *analysis,
                                 mtp_request **request, mtp_error *err)
{
    (void)workspace;
    return make_request(analysis, analysis->command, request, err);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static kept *find(const mtp_workspace *w, const kept *wanted)
{
    for (kept *at = w->first; at; at = at->next) {
        bool equal = at->data == wanted->data && same(at->query, wanted->query);

        for (size_t i = 0; i < READING; i++) {
            equal = equal && same(at->option[i], wanted->option[i]);
        }
        if (equal) {
            return at;
        }
    }
    return NULL;
}

/* Into the workspace, which owns the table then; NULL without memory. */
static kept *keep(mtp_workspace *w, const kept *made)
{
    kept *item = MTP_ARENA_NEW(w->arena, kept);
    bool failed = !item;

    if (!failed) {
        *item = *made;
        for (size_t i = 0; i < READING; i++) {
            item->option[i] =
                made->option[i] ? mtp_arena_strdup(w->arena, made->option[i]) : NULL;
            failed = failed || (made->option[i] && !item->option[i]);
        }
        item->query = made->query ? mtp_arena_strdup(w->arena, made->query) : NULL;
        failed = failed || (made->query && !item->query);
    }
    if (failed) {
        mtp_table_free(made->table);
        return NULL;
    }
    item->next = w->first;
    w->first = item;
    return item;
}

/* Its name from the current folder; freed with free. NULL without memory. */
static char *path_of(const mtp_workspace *w, const mtp_file_data *data)
{
    mtp_strbuf path;

    mtp_strbuf_init(&path);
    mtp_strbuf_printf(&path, "%s%s", w->file->folder, data->file);
    return mtp_strbuf_take(&path, NULL);
}

static mtp_status check_sha256(const mtp_workspace *w, const mtp_file_data *data,
                               const char *has, mtp_error *err)
{
    const char *wanted = data->sha256;

    if (!wanted || strcmp(wanted, has) == 0) {
        return MTP_OK;
    }
    (void)mtp_fail_at(err, MTP_E_DATA, w->file->path, data->place.line, NULL,
                      "%s has the SHA-256 %s, not %s: it is not the file that the "
                      "analyses were made for",
                      data->file, has, wanted);
    if (err) {
        err->position = data->place.column;
    }
    return MTP_E_DATA;
}

/* Read a file, which is named in results as the analysis file writes it. */
static mtp_status read_table(mtp_workspace *w, const mtp_request *request, kept *made,
                             mtp_problems *problems, mtp_error *err)
{
    char *path = path_of(w, made->data);
    mtp_status status =
        path ? mtp_request_read_table(request, path, &made->table, problems, err)
             : mtp_fail_nomem(err);

    free(path);
    if (status != MTP_OK) {
        return status;
    }
    made->table->source = made->data->file;
    status = check_sha256(w, made->data, mtp_table_sha256(made->table), err);
    if (status != MTP_OK) {
        mtp_table_free(made->table);
    }
    return status;
}

mtp_status mtp_workspace_check_files(const mtp_workspace *workspace, mtp_error *err)
{
    const mtp_analysis_file *file = workspace->file;
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < file->n_data && status == MTP_OK; i++) {
        const mtp_file_data *data = &file->data[i];
        char has[MTP_DIGEST_TEXT],
            *path = data->sha256 ? path_of(workspace, data) : NULL;

        if (path && mtp_digest_file(path, has)) {
            status = check_sha256(workspace, data, has, err);
        } else if (path) {
            status = mtp_fail_at(err, MTP_E_DATA, path, 0, NULL, "cannot be read: %s",
                                 strerror(errno));
        } else if (data->sha256) {
            status = mtp_fail_nomem(err);
        }
        free(path);
    }
    return status;
}

/* Messages name the file from the current folder. */
static void place(const mtp_workspace *w, const mtp_file_data *data, mtp_error *err)
{
    if (err && strcmp(err->source, data->file) == 0) {
        char *path = path_of(w, data);

        if (path) {
            mtp_copy_text(err->source, sizeof err->source, path);
        }
        free(path);
    }
}

static void place_problems(const mtp_workspace *w, const mtp_file_data *data,
                           size_t before, mtp_problems *problems, mtp_error *err)
{
    place(w, data, err);
    for (size_t i = before; problems && i < problems->count && i < MTP_PROBLEMS_KEPT;
         i++) {
        place(w, data, &problems->item[i]);
    }
}

/* The table without, or with, the query. */
static mtp_status get_table(mtp_workspace *w, const mtp_request *request,
                            const mtp_file_data *data, const char *query,
                            const mtp_table **table, mtp_problems *problems,
                            mtp_error *err)
{
    kept wanted = {.data = data, .query = query};
    kept *found;
    mtp_status status;

    for (size_t i = 0; i < READING; i++) {
        wanted.option[i] = mtp_request_get(request, reading[i]);
    }
    found = find(w, &wanted);
    if (!found) {
        const mtp_table *whole = NULL;

        status = query ? get_table(w, request, data, NULL, &whole, problems, err)
                       : read_table(w, request, &wanted, problems, err);
        if (status == MTP_OK && query) {
            status = mtp_table_query(whole, query, &wanted.table, err);
        }
        if (status != MTP_OK) {
            return status;
        }
        found = keep(w, &wanted);
        if (!found) {
            return mtp_fail_nomem(err);
        }
    }
    *table = found->table;
    return MTP_OK;
}

static mtp_status table_of(mtp_workspace *w, const mtp_request *request,
                           const mtp_file_analysis *analysis, const mtp_table **table,
                           mtp_problems *problems, mtp_error *err)
{
    return get_table(w, request, analysis->data, mtp_request_get(request, "query"),
                     table, problems, err);
}

mtp_status mtp_workspace_table(mtp_workspace *workspace,
                               const mtp_file_analysis *analysis,
                               const mtp_table **table, mtp_problems *problems,
                               mtp_error *err)
{
    size_t before = problems ? problems->count : 0;
    mtp_request *request = NULL;
    mtp_status status = make_request(analysis, analysis->command, &request, err);

    if (status == MTP_OK) {
        status = table_of(workspace, request, analysis, table, problems, err);
    }
    if (status != MTP_OK) {
        place_problems(workspace, analysis->data, before, problems, err);
    }
    mtp_request_free(request);
    return status;
}

mtp_status mtp_workspace_run_request(mtp_workspace *workspace,
                                     const mtp_file_analysis *analysis,
                                     const mtp_request *request, mtp_bundle **bundle,
                                     mtp_problems *problems, mtp_error *err)
{
    size_t before = problems ? problems->count : 0;
    const mtp_table *table = NULL;
    mtp_status status = table_of(workspace, request, analysis, &table, problems, err);

    if (status == MTP_OK) {
        status = mtp_run(request, table, bundle, problems, err);
    }
    if (status != MTP_OK) {
        place_problems(workspace, analysis->data, before, problems, err);
    }
    return status;
}

/* What computes its figures: of a report its pooling. */
static mtp_status figures_request(const mtp_file_analysis *analysis,
                                  mtp_request **request, mtp_error *err)
{
    bool is_page = analysis->command == MTP_COMMAND_PAGE;

    return make_request(analysis, is_page ? MTP_COMMAND_POOL : analysis->command,
                        request, err);
}

mtp_status mtp_workspace_source_table(mtp_workspace *workspace,
                                      const mtp_file_analysis *analysis,
                                      const mtp_table **table, mtp_problems *problems,
                                      mtp_error *err)
{
    size_t before = problems ? problems->count : 0;
    mtp_request *request = NULL;
    mtp_status status = figures_request(analysis, &request, err);

    if (status == MTP_OK) {
        status =
            get_table(workspace, request, analysis->data, NULL, table, problems, err);
    }
    if (status != MTP_OK) {
        place_problems(workspace, analysis->data, before, problems, err);
    }
    mtp_request_free(request);
    return status;
}

mtp_status mtp_workspace_run_table(const mtp_file_analysis *analysis,
                                   const mtp_table *table, mtp_bundle **bundle,
                                   mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_table *made = NULL;
    const char *query;
    mtp_status status = figures_request(analysis, &request, err);

    if (status == MTP_OK && (query = mtp_request_get(request, "query"))) {
        status = mtp_table_query(table, query, &made, err);
    }
    if (status == MTP_OK) {
        status = mtp_run(request, made ? made : table, bundle, NULL, err);
    }
    mtp_table_free(made);
    mtp_request_free(request);
    return status;
}

mtp_status mtp_workspace_run(mtp_workspace *workspace,
                             const mtp_file_analysis *analysis, mtp_bundle **bundle,
                             mtp_problems *problems, mtp_error *err)
{
    mtp_request *request = NULL;
    mtp_status status = figures_request(analysis, &request, err);

    if (status == MTP_OK) {
        status = mtp_workspace_run_request(workspace, analysis, request, bundle,
                                           problems, err);
    }
    mtp_request_free(request);
    return status;
}

mtp_status mtp_workspace_page(mtp_workspace *workspace,
                              const mtp_file_analysis *analysis, char **text,
                              size_t *length, mtp_bundle **pool, mtp_problems *problems,
                              mtp_error *err)
{
    size_t before = problems ? problems->count : 0;
    const mtp_table *table = NULL;
    mtp_request *request = NULL;
    mtp_status status = make_request(analysis, MTP_COMMAND_PAGE, &request, err);

    if (status == MTP_OK) {
        status = table_of(workspace, request, analysis, &table, problems, err);
    }
    if (status == MTP_OK) {
        status = mtp_page(request, table, text, length, pool, problems, err);
    }
    if (status != MTP_OK) {
        place_problems(workspace, analysis->data, before, problems, err);
    }
    mtp_request_free(request);
    return status;
}

mtp_status mtp_workspace_tree(const mtp_file_analysis *analysis,
                              const mtp_bundle *bundle, mtp_tree **tree, mtp_error *err)
{
    mtp_figure *figure = NULL;
    mtp_status status;

    if (analysis->kind < 0) {
        return mtp_tree_of_bundle(bundle, tree, err);
    }
    status = mtp_figure_draw(bundle, (mtp_figure_kind)analysis->kind, MTP_FIGURE_JSON,
                             NULL, &figure, err);
    if (status == MTP_OK) {
        status = mtp_tree_of_text(figure->bytes, figure->length, tree, err);
    }
    mtp_figure_free(figure);
    return status;
}
