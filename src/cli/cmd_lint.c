/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/lint.h"

#include "cli/cli.h"
#include "cli/help.h"

#include <string.h>

static mtp_exit write_result(const mtp_cli_job *job, const mtp_lint_result *result,
                             mtp_format format)
{
    mtp_report_options options;
    char *text = NULL;
    size_t length = 0;
    mtp_error err;
    mtp_status status;
    mtp_exit written;

    mtp_cli_report_options(job, &options);
    status = mtp_lint_report(result, format, &options, &text, &length, &err);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    written = mtp_cli_write(mtp_request_get(job->request, "output"), text, length);
    mtp_text_free(text);
    return written == MTP_EXIT_OK && result->failed ? MTP_EXIT_CHECK : written;
}

static mtp_exit look(const mtp_cli_job *job, mtp_format format)
{
    mtp_lint_result *result = NULL;
    mtp_error err;
    mtp_status status =
        mtp_lint(job->request, job->table, &job->reading, &result, &err);
    mtp_exit left;

    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    left = write_result(job, result, format);
    mtp_lint_result_free(result);
    return left;
}

static bool wants_list(int argc, char **argv)
{
    bool found = false;

    for (int i = 1; i < argc; i++) {
        found = found || strcmp(argv[i], "--list-rules") == 0;
    }
    return found;
}

static mtp_exit run_lint(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    mtp_format format;
    char *operands[4];
    bool help = false;
    mtp_exit status;

    if (wants_list(argc, argv)) {
        return mtp_cli_help_rules();
    }
    status = mtp_cli_open(command, argc, argv, 1, &job, operands, &help);
    if (status != MTP_EXIT_OK) {
        return status;
    }
    if (help) {
        status = mtp_cli_help(command);
    } else if (mtp_cli_report_format(command, &job, &format)) {
        status = look(&job, format);
    } else {
        status = MTP_EXIT_USAGE;
    }
    mtp_cli_finish(&job);
    return status;
}

#define STUDIES "\"$(metapool datasets path nrm2024)/studies.csv\""

const mtp_cli_command mtp_cmd_lint = {
    .name = "lint",
    .operands = "FILE",
    .summary = "doubts about a table, by numbered rule, each with evidence and a way "
               "out",
    .about =
        "Looks for what spreadsheets and typing do to numbers and names, and for "
        "figures that cannot be or hardly: dates made of ranges, decimal commas, one "
        "group under two spellings, a cohort twice, standard errors typed as standard "
        "deviations, limits of another level. It reads tables that other commands "
        "refuse, and says why they do. Rules on counts, intervals and effects need "
        "to know what the columns are: give the options that pool would get. Each "
        "finding has the figures that show it, the reason and a way out; errors are "
        "wrong, warnings probably so, remarks (info) may be as they should. The exit "
        "status is 1 where there is a finding at or above --fail-on. 'metapool help "
        "rules' lists the rules, 'metapool help L103' explains one.",
    .examples = {"metapool lint " STUDIES,
                 "metapool lint " STUDIES
                 " --measure PLO --events deaths --n patients --study study"},
    .options = MTP_COMMAND_LINT,
    .run = run_lint,
};
