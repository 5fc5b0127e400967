/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "metapool/analysis_file.h"
#include "metapool/report.h"

#include "cli/cli.h"
#include "cli/run_inputs.h"
#include "core/nearest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A run: which analyses, and what became of them. */
typedef struct run {
    const mtp_analysis_file *file;
    const char *folder;
    bool all;                 /* not --only some */
    size_t n;                 /* analyses that are run */
    mtp_index_entry *entry;   /* [n] */
    mtp_results **results;    /* [n], NULL where it failed */
    size_t warnings, written; /* files */
    bool no_memory;           /* nothing more can be done */
} run;

/* The worse of two statuses: failures before analyses without an answer, these before
 * warnings. */
static mtp_exit worse(mtp_exit a, mtp_exit b)
{
    static const int rank[] = {
        [MTP_EXIT_OK] = 0,   [MTP_EXIT_CHECK] = 1,  [MTP_EXIT_USAGE] = 3,
        [MTP_EXIT_DATA] = 4, [MTP_EXIT_SYSTEM] = 5, [MTP_EXIT_NO_ESTIMATE] = 2};

    return rank[b] > rank[a] ? b : a;
}

/* What failed, and which analysis of the file it was. */
static void tell(const mtp_analysis_file *file, const mtp_file_analysis *analysis,
                 const mtp_problems *problems, const mtp_error *err)
{
    size_t n =
        problems->count > MTP_PROBLEMS_KEPT ? MTP_PROBLEMS_KEPT : problems->count;
    char text[MTP_ERROR_SOURCE + MTP_ERROR_COLUMN + MTP_ERROR_MESSAGE + 96];

    for (size_t i = 0; i < (n > 0 ? n : 1); i++) {
        (void)mtp_error_format(n > 0 ? &problems->item[i] : err, text, sizeof text);
        mtp_cli_error("%s:%zu:%zu: analysis '%s': %s", file->path, analysis->place.line,
                      analysis->place.column, analysis->name, text);
    }
    if (problems->count > n) {
        mtp_cli_error("%s:%zu:%zu: analysis '%s': %zu problems in all; the first %zu "
                      "are shown",
                      file->path, analysis->place.line, analysis->place.column,
                      analysis->name, problems->count, n);
    }
}

static size_t count_warnings(const mtp_notes *notes)
{
    size_t n = 0;

    for (size_t i = 0; i < notes->count; i++) {
        n += notes->item[i].severity == MTP_WARNING;
    }
    return n;
}

/* Run analysis i and write its files. */
static mtp_exit run_one(run *r, mtp_workspace *workspace, size_t i)
{
    mtp_index_entry *entry = &r->entry[i];
    mtp_problems problems = {0};
    mtp_exit status = mtp_cli_exit_status(mtp_workspace_results(
        workspace, entry->analysis, &r->results[i], &problems, &entry->error));
    const mtp_results *results = r->results[i];

    entry->results = results;
    if (status == MTP_EXIT_SYSTEM && entry->error.status == MTP_E_NOMEM) {
        r->no_memory = true;
        mtp_cli_fail(&entry->error, NULL);
        return status;
    }
    if (status != MTP_EXIT_OK) {
        tell(r->file, entry->analysis, &problems, &entry->error);
        return status;
    }
    for (size_t k = 0; k < results->n_files; k++) {
        const mtp_result_file *file = &results->files[k];
        mtp_exit written =
            mtp_cli_write_into(r->folder, file->name, file->bytes, file->length);

        status = worse(status, written);
        r->written += written == MTP_EXIT_OK;
        entry->lost |= written == MTP_EXIT_OK ? 0U : 1U << k;
    }
    r->warnings +=
        count_warnings(&results->bundle->notes) + count_warnings(&results->notes);
    return worse(status, mtp_bundle_answered(results->bundle) ? MTP_EXIT_OK
                                                              : MTP_EXIT_NO_ESTIMATE);
}

static mtp_exit write_index(run *r)
{
    mtp_error err;
    char *text = NULL;
    size_t length = 0;
    mtp_exit status = mtp_cli_exit_status(
        mtp_index_page(r->file, r->n, r->entry, &text, &length, &err));

    if (status != MTP_EXIT_OK) {
        mtp_cli_fail(&err, NULL);
        return status;
    }
    status = mtp_cli_write_into(r->folder, "index.html", text, length);
    r->written += status == MTP_EXIT_OK;
    mtp_text_free(text);
    return status;
}

/* A line for each analysis, and one for the whole. */
static mtp_exit summarize(const run *r)
{
    size_t width = 0;
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    for (size_t i = 0; i < r->n; i++) {
        size_t length = strlen(r->entry[i].analysis->name);

        width = length > width ? length : width;
    }
    for (size_t i = 0; i < r->n; i++) {
        const mtp_results *results = r->entry[i].results;

        mtp_strbuf_add(&out, r->entry[i].analysis->name);
        mtp_strbuf_add_repeated(&out, ' ',
                                width + 1 - strlen(r->entry[i].analysis->name));
        for (size_t k = 0; results && k < results->n_files; k++) {
            const char *suffix = strrchr(results->files[k].name, '.') + 1;
            bool lost = r->entry[i].lost & (1U << k);

            mtp_strbuf_printf(&out, lost ? " (%s not written)" : " %s", suffix);
        }
        mtp_strbuf_add(&out, !results ? " failed\n"
                             : mtp_bundle_answered(results->bundle)
                                 ? "\n"
                                 : ", no overall estimate\n");
    }
    mtp_strbuf_printf(&out, "%zu file%s in %s\n", r->written,
                      r->written == 1 ? "" : "s", r->folder);
    return mtp_cli_write_buffer(&out);
}

/* The folder may be there; the one that it lies in has to be. */
static mtp_exit make_folder(const char *folder)
{
    struct stat info;

    if (mkdir(folder, 0777) == 0) {
        return MTP_EXIT_OK;
    }
    if (errno == EEXIST && stat(folder, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            return MTP_EXIT_OK;
        }
        errno = ENOTDIR;
    }
    mtp_cli_error("--output %s: %s", folder,
                  errno == ENOENT    ? "the folder that it is to lie in does not exist"
                  : errno == ENOTDIR ? "this is a file, not a folder"
                                     : strerror(errno));
    return MTP_EXIT_SYSTEM;
}

static mtp_exit run_all(run *r, bool strict)
{
    mtp_workspace *workspace = NULL;
    mtp_error err;
    mtp_exit status = mtp_cli_spare_inputs(r->file, r->folder, r->n, r->entry);

    if (status == MTP_EXIT_OK) {
        status = make_folder(r->folder);
    }
    if (status == MTP_EXIT_OK) {
        status = mtp_cli_exit_status(mtp_workspace_new(r->file, &workspace, &err));
        if (status != MTP_EXIT_OK) {
            mtp_cli_fail(&err, NULL);
        }
    }
    if (status != MTP_EXIT_OK) {
        return status;
    }
    for (size_t i = 0; i < r->n && !r->no_memory; i++) {
        status = worse(status, run_one(r, workspace, i));
    }
    mtp_workspace_free(workspace);
    if (r->no_memory) {
        return status;
    }
    if (r->all) {
        status = worse(status, write_index(r));
    }
    status = worse(status, summarize(r));
    return strict && r->warnings > 0 ? worse(status, MTP_EXIT_CHECK) : status;
}

/* Whether a list of names, one a line, has this one. */
static bool lists(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; *at;) {
        size_t line = strcspn(at, "\n");

        if (line == length && memcmp(at, name, length) == 0) {
            return true;
        }
        at += line + (at[line] == '\n');
    }
    return false;
}

/* Every name of --only is an analysis that is run. */
static mtp_exit check_only(const mtp_analysis_file *file, const char *only)
{
    for (const char *at = only; *at;) {
        char name[128];
        size_t line = strcspn(at, "\n"), near;
        const char **names = calloc(file->n_analyses, sizeof *names);
        const mtp_file_analysis *found;

        if (!names) {
            mtp_cli_error("memory is exhausted");
            return MTP_EXIT_SYSTEM;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)line, at);
        for (size_t i = 0; i < file->n_analyses; i++) {
            names[i] = file->analyses[i].is_template ? NULL : file->analyses[i].name;
        }
        near = mtp_nearest_name(name, file->n_analyses, names);
        found = mtp_analysis_file_find(file, name);
        if (!found || found->is_template) {
            mtp_cli_error("--only %s: %s has no such analysis%s%s%s", name, file->path,
                          near < file->n_analyses ? "; did you mean '" : "",
                          near < file->n_analyses ? names[near] : "",
                          near < file->n_analyses ? "'?" : "");
            free(names);
            return MTP_EXIT_USAGE;
        }
        free(names);
        at += line + (at[line] == '\n');
    }
    return MTP_EXIT_OK;
}

/* The folder as given, else the name of the file without its suffix, in the current
 * one. */
static mtp_exit find_folder(const char *path, const char *given, char **folder)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    if (!given && (!dot || dot == name)) {
        mtp_cli_error("%s: its name has no suffix to leave out; name the folder with "
                      "--output",
                      path);
        return MTP_EXIT_USAGE;
    }
    *folder = given ? strdup(given) : strndup(name, (size_t)(dot - name));
    if (!*folder) {
        mtp_cli_error("memory is exhausted");
        return MTP_EXIT_SYSTEM;
    }
    return MTP_EXIT_OK;
}

static mtp_exit run_file(const mtp_analysis_file *file, const char *folder,
                         const char *only, bool strict)
{
    run r = {.file = file, .folder = folder, .all = !only};
    mtp_exit status = only ? check_only(file, only) : MTP_EXIT_OK;

    if (status != MTP_EXIT_OK) {
        return status;
    }
    r.entry = calloc(file->n_analyses, sizeof *r.entry);
    r.results = calloc(file->n_analyses, sizeof(mtp_results *));
    for (size_t i = 0; r.entry && i < file->n_analyses; i++) {
        const mtp_file_analysis *analysis = &file->analyses[i];

        if (!analysis->is_template && (!only || lists(only, analysis->name))) {
            r.entry[r.n++].analysis = analysis;
        }
    }
    if (r.entry && r.results) {
        status = run_all(&r, strict);
    } else {
        mtp_cli_error("memory is exhausted");
        status = MTP_EXIT_SYSTEM;
    }
    for (size_t i = 0; r.results && i < r.n; i++) {
        mtp_results_free(r.results[i]);
    }
    free(r.results);
    free(r.entry);
    return status;
}

static mtp_exit run_path(const char *path, const mtp_request *request)
{
    mtp_problems problems = {0};
    mtp_analysis_file *file = NULL;
    mtp_error err;
    char *folder = NULL;
    mtp_exit status = find_folder(path, mtp_request_get(request, "output"), &folder);

    if (status != MTP_EXIT_OK) {
        return status;
    }
    status = mtp_cli_exit_status(mtp_analysis_file_read(path, &file, &problems, &err));
    if (status != MTP_EXIT_OK) {
        mtp_cli_fail(&err, &problems);
    } else {
        status = run_file(file, folder, mtp_request_get(request, "only"),
                          strcmp(mtp_request_get(request, "strict"), "true") == 0);
    }
    mtp_analysis_file_free(file);
    free(folder);
    return status;
}

static mtp_exit run_run(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_request *request = NULL;
    char *path = NULL;
    bool help = false;
    mtp_exit status = mtp_cli_open_file(command, argc, argv, &request, &path, &help);

    if (status == MTP_EXIT_OK) {
        status = help ? mtp_cli_help(command) : run_path(path, request);
    }
    mtp_request_free(request);
    return status;
}

#define FILE_ "\"$(metapool datasets path nrm2024)/analysis.yaml\""

const mtp_cli_command mtp_cmd_run = {
    .name = "run",
    .operands = "FILE",
    .summary = "every analysis of an analysis file, into a folder",
    .about =
        "FILE is an analysis file (YAML; docs/analysis-files.md). Computes its "
        "analyses "
        "and writes each into a folder: NAME.json, NAME.txt and NAME.csv, of a plot "
        "its "
        "figure, of a report its page, and index.html, which shows all of them. The "
        "files are those that the commands by themselves would write. An analysis that "
        "fails is told, the others are written, and the exit status is that of the "
        "worst. Nothing is written outside the folder.",
    .examples = {"metapool run " FILE_ " -o results",
                 "metapool run " FILE_ " -o results --only by-entity"},
    .options = MTP_COMMAND_RUN,
    .run = run_run,
};
