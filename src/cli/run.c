/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/bias_analysis.h"
#include "metapool/forest.h"
#include "metapool/report.h"

#include "cli/cli.h"
#include "cli/gosh_output.h"
#include "core/error.h"
#include "core/number.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_OPERANDS = 4 };

/* A whole number that the registry has checked. */
static int whole_option(const mtp_cli_job *job, const char *name)
{
    const char *text = mtp_request_get(job->request, name);
    double value = 0.0;

    (void)mtp_number_parse(text, strlen(text), &value);
    return (int)value;
}

static mtp_exit read_table(mtp_cli_job *job, const char *path)
{
    mtp_error err;
    mtp_status status =
        mtp_request_read_table(job->request, path, &job->table, &job->reading, &err);

    if (status != MTP_OK) {
        mtp_cli_fail(&err, &job->reading);
    }
    return mtp_cli_exit_status(status);
}

/* --query: its result takes the place of the table. */
static mtp_exit query_table(mtp_cli_job *job)
{
    const char *query = mtp_request_get(job->request, "query");
    mtp_table *made = NULL;
    mtp_error err;
    mtp_status status =
        query ? mtp_table_query(job->table, query, &made, &err) : MTP_OK;

    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
    } else if (made) {
        mtp_table_free(job->table);
        job->table = made;
    }
    return mtp_cli_exit_status(status);
}

static mtp_exit run_request(mtp_cli_job *job)
{
    mtp_problems problems = {0};
    mtp_cli_gosh gosh;
    mtp_error err;
    mtp_exit begun = mtp_cli_gosh_begin(&gosh, job->request), ended;
    mtp_status status = MTP_OK;

    if (begun == MTP_EXIT_OK) {
        status = mtp_run(job->request, job->table, &job->bundle, &problems, &err);
    }
    if (status != MTP_OK && mtp_cli_gosh_failed(&gosh) == MTP_EXIT_OK) {
        mtp_cli_fail(&err, &problems);
    }
    ended = mtp_cli_gosh_end(&gosh, begun == MTP_EXIT_OK && status == MTP_OK);
    return begun != MTP_EXIT_OK ? begun
           : status != MTP_OK   ? mtp_cli_exit_status(status)
                                : ended;
}

static mtp_exit check_operands(const mtp_cli_command *command, size_t wanted,
                               size_t most, size_t n, char *const operands[])
{
    const char *what = n < wanted            ? "FILE is missing"
                       : n > most            ? "too many operands"
                       : !operands[n - 1][0] ? "FILE has an empty name"
                                             : NULL;

    if (!what) {
        return MTP_EXIT_OK;
    }
    mtp_cli_error("%s; usage: metapool %s %s [OPTIONS]", what, command->name,
                  command->operands);
    return MTP_EXIT_USAGE;
}

/* Nothing that is written may replace the table that is read, or another output. */
static mtp_exit check_outputs(const mtp_request *request, const char *table)
{
    static const char *const options[] = {"output", "gosh-output"};
    const char *path[] = {mtp_request_get(request, options[0]),
                          mtp_request_get(request, options[1])};

    for (size_t i = 0; i < 2; i++) {
        if (path[i] && mtp_cli_same_file(path[i], table)) {
            mtp_cli_error("--%s %s: this is the file that is read; name another one",
                          options[i], path[i]);
            return MTP_EXIT_USAGE;
        }
    }
    if (path[0] && path[1] && mtp_cli_same_file(path[0], path[1])) {
        mtp_cli_error("--%s %s: --%s goes there; name another file", options[1],
                      path[1], options[0]);
        return MTP_EXIT_USAGE;
    }
    return MTP_EXIT_OK;
}

mtp_exit mtp_cli_open_files(const mtp_cli_command *command, int argc, char **argv,
                            size_t most, mtp_request **request, char ***paths,
                            size_t *n, bool *help)
{
    char **found = calloc((size_t)argc + 1, sizeof *found);
    mtp_exit status;

    if (!found) {
        mtp_cli_error("memory is exhausted");
        return MTP_EXIT_SYSTEM;
    }
    status = mtp_cli_parse(command, argc, argv, request, found, n, help);
    if (status == MTP_EXIT_OK && !*help) {
        status = check_operands(command, 1, most, *n, found);
    }
    for (size_t i = 0; status == MTP_EXIT_OK && !*help && i < *n; i++) {
        status = check_outputs(*request, found[i]);
    }
    if (status != MTP_EXIT_OK || *help) {
        free(found);
        return status;
    }
    *paths = found;
    return MTP_EXIT_OK;
}

mtp_exit mtp_cli_open_file(const mtp_cli_command *command, int argc, char **argv,
                           mtp_request **request, char **path, bool *help)
{
    char **paths = NULL;
    size_t n = 0;
    mtp_exit status =
        mtp_cli_open_files(command, argc, argv, 1, request, &paths, &n, help);

    *path = paths ? paths[0] : NULL;
    free(paths);
    return status;
}

void mtp_cli_finish(mtp_cli_job *job)
{
    mtp_bundle_free(job->bundle);
    mtp_table_free(job->table);
    mtp_request_free(job->request);
    *job = (mtp_cli_job){0};
}

mtp_exit mtp_cli_open(const mtp_cli_command *command, int argc, char **argv,
                      size_t n_operands_wanted, mtp_cli_job *job, char **operands,
                      bool *help)
{
    char **found = calloc((size_t)argc + 1, sizeof *found);
    size_t n = 0;
    mtp_exit status;

    *job = (mtp_cli_job){0};
    if (!found) {
        mtp_cli_error("memory is exhausted");
        return MTP_EXIT_SYSTEM;
    }
    status = mtp_cli_parse(command, argc, argv, &job->request, found, &n, help);
    if (status == MTP_EXIT_OK && !*help) {
        status =
            check_operands(command, n_operands_wanted, n_operands_wanted, n, found);
    }
    if (status == MTP_EXIT_OK && !*help) {
        memcpy(operands, found, n * sizeof *operands);
        status = check_outputs(job->request, operands[n - 1]);
    }
    if (status == MTP_EXIT_OK && !*help) {
        status = read_table(job, operands[n - 1]);
    }
    if (status == MTP_EXIT_OK && !*help) {
        status = query_table(job);
    }
    free(found);
    if (status != MTP_EXIT_OK) {
        mtp_cli_finish(job);
    }
    return status;
}

mtp_exit mtp_cli_start(const mtp_cli_command *command, int argc, char **argv,
                       size_t n_operands_wanted, mtp_cli_job *job, char **operands,
                       bool *help)
{
    mtp_exit status =
        mtp_cli_open(command, argc, argv, n_operands_wanted, job, operands, help);

    if (status == MTP_EXIT_OK && !*help) {
        status = run_request(job);
        if (status != MTP_EXIT_OK) {
            mtp_cli_finish(job);
        }
    }
    return status;
}

static bool flag(const mtp_cli_job *job, const char *name)
{
    const char *value = mtp_request_get(job->request, name);

    return value && strcmp(value, "true") == 0;
}

mtp_exit mtp_cli_verdict(const mtp_cli_job *job, bool notes_in_output)
{
    const mtp_bundle *b = job->bundle;
    bool silent = notes_in_output || flag(job, "quiet");
    size_t warnings = mtp_cli_notes(&b->notes, silent, flag(job, "verbose"));

    if (!mtp_bundle_answered(b)) {
        return MTP_EXIT_NO_ESTIMATE;
    }
    return warnings > 0 && flag(job, "strict") ? MTP_EXIT_CHECK : MTP_EXIT_OK;
}

/* The format by name; false for one that reports do not have. */
static bool report_format(const char *name, mtp_format *format)
{
    static const struct {
        const char *name;
        mtp_format format;
    } known[] = {{"text", MTP_FORMAT_TEXT},
                 {"json", MTP_FORMAT_JSON},
                 {"csv", MTP_FORMAT_CSV},
                 {"markdown", MTP_FORMAT_MARKDOWN},
                 {"html", MTP_FORMAT_HTML}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(name, known[i].name) == 0) {
            *format = known[i].format;
            return true;
        }
    }
    return false;
}

/* The forest plot in characters under a report. */
static mtp_status add_plot(const mtp_cli_job *job, mtp_format format, mtp_strbuf *out,
                           mtp_error *err)
{
    mtp_forest_text_options options;
    const char *fence = format == MTP_FORMAT_MARKDOWN ? "```\n" : "";
    mtp_forest *forest = NULL;
    char *text = NULL;
    mtp_status status = mtp_forest_new(job->bundle, &forest, err);

    mtp_forest_text_options_init(&options, sizeof options);
    options.ascii = format == MTP_FORMAT_TEXT && mtp_cli_use_ascii(job->request);
    if (status == MTP_OK) {
        status = mtp_forest_text(forest, &options, &text, err);
    }
    if (status == MTP_OK) {
        mtp_strbuf_printf(out, "\n%s%s%s", fence, text, fence);
    }
    mtp_text_free(text);
    mtp_forest_free(forest);
    return status;
}

static mtp_status make_report(const mtp_cli_job *job, mtp_format format,
                              mtp_strbuf *out, mtp_error *err)
{
    mtp_report_options options;
    char *text = NULL;
    size_t length = 0;
    mtp_status status;

    mtp_cli_report_options(job, &options);
    status = mtp_report(job->bundle, format, &options, &text, &length, err);
    if (status == MTP_OK) {
        mtp_strbuf_add_bytes(out, text, length);
    }
    mtp_text_free(text);
    return status == MTP_OK && flag(job, "plot") ? add_plot(job, format, out, err)
                                                 : status;
}

void mtp_cli_report_options(const mtp_cli_job *job, mtp_report_options *options)
{
    mtp_report_options_init(options, sizeof *options);
    options->digits = whole_option(job, "digits");
    options->color = mtp_cli_use_color(job->request);
}

static mtp_exit write_report(const mtp_cli_job *job, mtp_format format)
{
    mtp_strbuf out;
    mtp_error err;
    mtp_status status;
    mtp_exit written;

    if (flag(job, "plot") && format != MTP_FORMAT_TEXT &&
        format != MTP_FORMAT_MARKDOWN) {
        mtp_cli_error("--plot: goes under text and markdown; leave it out, or take "
                      "'metapool plot forest' for svg, csv and json");
        return MTP_EXIT_USAGE;
    }
    mtp_strbuf_init(&out);
    status = make_report(job, format, &out, &err);
    if (status == MTP_OK && out.failed) {
        status = mtp_fail_nomem(&err);
    }
    if (status != MTP_OK) {
        mtp_strbuf_free(&out);
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    written =
        mtp_cli_write(mtp_request_get(job->request, "output"), out.text, out.length);
    mtp_strbuf_free(&out);
    return written;
}

bool mtp_cli_report_format(const mtp_cli_command *command, const mtp_cli_job *job,
                           mtp_format *format)
{
    const char *name = mtp_request_get(job->request, "format");
    char suffix[16];

    *format = MTP_FORMAT_TEXT;
    if (!name) { /* the output's name may say it; any other name is text */
        name = mtp_cli_suffix(mtp_request_get(job->request, "output"), suffix,
                              sizeof suffix);
        name = name && strcmp(name, "md") == 0 ? "markdown" : name;
        name = name && report_format(name, format) ? name : NULL;
    }
    if (name && !report_format(name, format)) {
        mtp_cli_error("--format %s: %s has text, json, csv, markdown and html", name,
                      command->name);
        return false;
    }
    return true;
}

mtp_exit mtp_cli_report(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    mtp_format format = MTP_FORMAT_TEXT;
    char *operands[MAX_OPERANDS];
    bool help = false;
    mtp_exit status = mtp_cli_start(command, argc, argv, 1, &job, operands, &help);

    if (status != MTP_EXIT_OK) {
        return status;
    }
    if (help) {
        mtp_cli_finish(&job);
        return mtp_cli_help(command);
    }
    if (mtp_cli_report_format(command, &job, &format)) {
        status = write_report(&job, format);
    } else {
        status = MTP_EXIT_USAGE;
    }
    if (status == MTP_EXIT_OK) {
        status = mtp_cli_verdict(&job,
                                 format != MTP_FORMAT_JSON && format != MTP_FORMAT_CSV);
    }
    mtp_cli_finish(&job);
    return status;
}
