/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/verify.h"

#include "analysis/options.h"
#include "cli/run_inputs.h"
#include "cli/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

/* The format by its name, or by the ending of the output's; text for any other. */
static mtp_verify_format wanted_format(const mtp_request *request)
{
    static const struct {
        const char *ending;
        mtp_verify_format format;
    } endings[] = {{"md", MTP_VERIFY_MARKDOWN}, {"xml", MTP_VERIFY_JUNIT}};
    const char *name = mtp_request_get(request, "format");
    char suffix[16];
    int format;

    name = name ? name
                : mtp_cli_suffix(mtp_request_get(request, "output"), suffix,
                                 sizeof suffix);
    for (size_t i = 0; name && i < sizeof endings / sizeof *endings; i++) {
        if (strcmp(name, endings[i].ending) == 0) {
            return endings[i].format;
        }
    }
    format = name ? mtp_verify_format_from_id(name) : -1;
    return format < 0 ? MTP_VERIFY_TEXT : (mtp_verify_format)format;
}

/* A FILE with what became of it. */
typedef struct checked {
    mtp_analysis_file *file;
    mtp_verification *verification;
    mtp_snapshot_comparison *comparison;
} checked;

static void free_checked(checked *c)
{
    mtp_snapshot_comparison_free(c->comparison);
    mtp_verification_free(c->verification);
    mtp_analysis_file_free(c->file);
}

static mtp_exit verify_file(const mtp_request *request, const char *path, checked *c)
{
    mtp_problems problems = {0};
    mtp_error err;
    mtp_status status = mtp_analysis_file_read(path, &c->file, &problems, &err);
    mtp_verify_options options;
    mtp_exit compared;

    mtp_verify_options_init(&options, sizeof options);
    options.search = strcmp(mtp_request_get(request, "search"), "true") == 0;
    options.threads = (unsigned)mtp_request_number(request, MTP_OPT_THREADS);
    if (status == MTP_OK) {
        status = mtp_verify(c->file, &options, &c->verification, &problems, &err);
    }
    if (status != MTP_OK) {
        mtp_cli_fail(&err, &problems);
        return mtp_cli_exit_status(status);
    }
    compared = mtp_cli_snapshot(request, c->file, &c->comparison);
    if (compared != MTP_EXIT_OK) {
        mtp_verification_free(c->verification);
        c->verification = NULL;
        return compared;
    }
    mtp_verification_set_snapshot(c->verification, c->comparison);
    return mtp_verification_holds(c->verification) ? MTP_EXIT_OK : MTP_EXIT_CHECK;
}

/* What could be verified. */
static mtp_exit write_all(const mtp_request *request, size_t n,
                          const mtp_verification *const verification[])
{
    mtp_report_options options;
    mtp_error err;
    char *text = NULL;
    size_t length = 0;
    mtp_status status;
    mtp_exit written;

    mtp_report_options_init(&options, sizeof options);
    options.color = mtp_cli_use_color(request);
    status = mtp_verify_report_all(n, verification, wanted_format(request), &options,
                                   &text, &length, &err);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    written = mtp_cli_write(mtp_request_get(request, "output"), text, length);
    mtp_text_free(text);
    return written;
}

/* Whether the output would replace a table of one that could be read. */
static mtp_exit spare_tables(const mtp_request *request, size_t n, const checked all[])
{
    const char *output = mtp_request_get(request, "output");
    mtp_exit status = MTP_EXIT_OK;

    for (size_t i = 0; i < n && status == MTP_EXIT_OK; i++) {
        if (all[i].file) {
            status = mtp_cli_spare_tables(all[i].file, "output", output);
        }
    }
    return status;
}

static mtp_exit verify_files(const mtp_request *request, size_t n, char *const paths[])
{
    checked *all = calloc(n, sizeof *all);
    const mtp_verification **verification = calloc(n, sizeof(mtp_verification *));
    mtp_exit worst = MTP_EXIT_OK;
    size_t done = 0;

    if (!all || !verification) {
        mtp_cli_error("memory is exhausted");
        worst = MTP_EXIT_SYSTEM;
        n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        mtp_exit status = verify_file(request, paths[i], &all[i]);

        worst = status > worst ? status : worst;
        if (all[i].verification) {
            verification[done++] = all[i].verification;
        }
    }
    if (done > 0) {
        mtp_exit written = spare_tables(request, n, all);

        if (written == MTP_EXIT_OK) {
            written = write_all(request, done, verification);
        }
        worst = written > worst ? written : worst;
    }
    for (size_t i = 0; i < n; i++) {
        free_checked(&all[i]);
    }
    free(verification);
    free(all);
    return worst;
}

/* What is known to be wrong before anything is computed. */
static mtp_exit check(const mtp_request *request, size_t n, char *const paths[])
{
    mtp_verify_format format = wanted_format(request);

    if (n > 1 && (format == MTP_VERIFY_CSV || format == MTP_VERIFY_HTML)) {
        mtp_cli_error("--format %s is of one FILE; give one, or take text, json, "
                      "markdown, junit or tap",
                      mtp_verify_format_id(format));
        return MTP_EXIT_USAGE;
    }
    return mtp_cli_snapshot_check(request, n, paths);
}

static mtp_exit run_verify(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_request *request = NULL;
    char **paths = NULL;
    size_t n = 0;
    bool help = false;
    mtp_exit status = mtp_cli_open_files(command, argc, argv, (size_t)argc, &request,
                                         &paths, &n, &help);

    if (status == MTP_EXIT_OK && help) {
        status = mtp_cli_help(command);
    } else if (status == MTP_EXIT_OK) {
        status = check(request, n, paths);
        status = status == MTP_EXIT_OK ? verify_files(request, n, paths) : status;
    }
    free(paths);
    mtp_request_free(request);
    return status;
}

const mtp_cli_command mtp_cmd_verify = {
    .name = "verify",
    .operands = "FILE...",
    .summary = "recompute every published figure of an analysis file and judge it",
    .about =
        "FILE is an analysis file (YAML): tables, analyses, and claims, which are the "
        "figures that somebody published. Each claim is computed anew and judged by "
        "the places that were printed: PASS where the figure rounds to the printed "
        "one, ROUNDING one unit of the last place beside it, MISMATCH, NOT COMPUTED "
        "where there is no such figure, EXPECTED for a known exception that the file "
        "explains. Every file that it names lies in its folder, so a copied folder "
        "verifies from anywhere. --search tries other estimators, intervals, models "
        "and zero-cell rules for every figure that does not hold, and says which of "
        "them give it. With --snapshot every figure of every analysis, "
        "claimed or not, is compared with those that were written before, and where a "
        "table changed, the difference is attributed to its rows. The exit status is 1 "
        "when a claim is a MISMATCH or NOT COMPUTED that the file does not expect, or "
        "something is not as in the snapshot, else 0; of several FILEs that of the "
        "worst.",
    .examples = {"metapool verify \"$(metapool datasets path nrm2024)/analysis.yaml\"",
                 "metapool verify \"$(metapool datasets path nrm2024)/analysis.yaml\" "
                 "--format markdown",
                 "metapool verify \"$(metapool datasets path nrm2024)/analysis.yaml\" "
                 "--snapshot nrm2024.json"},
    .options = MTP_COMMAND_VERIFY,
    .run = run_verify,
};
