/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/verify.h"

#include "cli/cli.h"

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

static mtp_exit write_verification(const mtp_request *request,
                                   const mtp_verification *verification)
{
    mtp_report_options options;
    mtp_error err;
    char *text = NULL;
    size_t length = 0;
    mtp_status status;
    mtp_exit written;

    mtp_report_options_init(&options, sizeof options);
    options.color = mtp_cli_use_color(request);
    status = mtp_verify_report(verification, wanted_format(request), &options, &text,
                               &length, &err);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    written = mtp_cli_write(mtp_request_get(request, "output"), text, length);
    mtp_text_free(text);
    return written;
}

static mtp_exit verify_file(const mtp_request *request, const char *path)
{
    mtp_analysis_file *file = NULL;
    mtp_verification *verification = NULL;
    mtp_verify_options options;
    mtp_problems problems = {0};
    mtp_error err;
    mtp_status status = mtp_analysis_file_read(path, &file, &problems, &err);
    mtp_exit written;

    mtp_verify_options_init(&options, sizeof options);
    options.search = strcmp(mtp_request_get(request, "search"), "true") == 0;
    if (status == MTP_OK) {
        status = mtp_verify(file, &options, &verification, &problems, &err);
    }
    if (status != MTP_OK) {
        mtp_cli_fail(&err, &problems);
        mtp_analysis_file_free(file);
        return mtp_cli_exit_status(status);
    }
    written = write_verification(request, verification);
    if (written == MTP_EXIT_OK && !mtp_verification_holds(verification)) {
        written = MTP_EXIT_CHECK;
    }
    mtp_verification_free(verification);
    mtp_analysis_file_free(file);
    return written;
}

static mtp_exit run_verify(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_request *request = NULL;
    char *path = NULL;
    bool help = false;
    mtp_exit status = mtp_cli_open_file(command, argc, argv, &request, &path, &help);

    if (status == MTP_EXIT_OK) {
        status = help ? mtp_cli_help(command) : verify_file(request, path);
    }
    mtp_request_free(request);
    return status;
}

const mtp_cli_command mtp_cmd_verify = {
    .name = "verify",
    .operands = "FILE",
    .summary = "recompute every published figure of an analysis file and judge it",
    .about =
        "FILE is an analysis file (YAML): tables, analyses, and claims, which are the "
        "figures that somebody published. Each claim is computed anew and judged by "
        "the places that were printed: PASS where the figure rounds to the printed "
        "one, ROUNDING one unit of the last place beside it, MISMATCH, NOT COMPUTED "
        "where there is no such figure, EXPECTED for a known exception that the file "
        "explains. Every file that it names lies in its folder, so a copied folder "
        "verifies from anywhere. --search tries other estimators, intervals, models "
        "and "
        "zero-cell rules for every figure that does not hold, and says which of them "
        "give it. The exit status is 1 when a claim is a MISMATCH or "
        "NOT COMPUTED that the file does not expect, else 0.",
    .examples = {"metapool verify \"$(metapool datasets path nrm2024)/analysis.yaml\"",
                 "metapool verify \"$(metapool datasets path nrm2024)/analysis.yaml\" "
                 "--format markdown"},
    .options = MTP_COMMAND_VERIFY,
    .run = run_verify,
};
