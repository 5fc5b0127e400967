/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/page.h"
#include "metapool/report.h"

#include "cli/cli.h"

#include <string.h>

static mtp_exit make_page(mtp_cli_job *job)
{
    mtp_problems problems = {0};
    mtp_error err;
    char *text = NULL;
    size_t length = 0;
    mtp_exit status = mtp_cli_exit_status(mtp_page(
        job->request, job->table, &text, &length, &job->bundle, &problems, &err));

    if (status != MTP_EXIT_OK) {
        mtp_cli_fail(&err, &problems);
        return status;
    }
    status = mtp_cli_write(mtp_request_get(job->request, "output"), text, length);
    mtp_text_free(text);
    return status == MTP_EXIT_OK ? mtp_cli_verdict(job, true) : status;
}

static mtp_exit run_page(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    char *operands[4];
    bool help = false;
    mtp_exit status = mtp_cli_open(command, argc, argv, 1, &job, operands, &help);
    const char *format;

    if (status != MTP_EXIT_OK) {
        return status;
    }
    format = mtp_request_get(job.request, "format");
    if (help) {
        status = mtp_cli_help(command);
    } else if (format && strcmp(format, "html") != 0) {
        mtp_cli_error("--format %s: report writes html; metapool pool has the others",
                      format);
        status = MTP_EXIT_USAGE;
    } else {
        status = make_page(&job);
    }
    mtp_cli_finish(&job);
    return status;
}

#define STUDIES "\"$(metapool datasets path nrm2024)/studies.csv\""
#define COUNTS  "--events deaths --n patients --study study"

const mtp_cli_command mtp_cmd_page = {
    .name = "report",
    .operands = "FILE",
    .summary = "one self-contained HTML page: answer, figures, studies, methods",
    .about =
        "Pools the studies as pool does and writes all of it as one page of HTML that "
        "needs no network: the question and the answer, the forest plot, the studies "
        "in a table that sorts, heterogeneity, subgroups, sensitivity to single "
        "studies and to the way of pooling, small-study effects, the rows that were "
        "left out, the methods in words with their sources, where items 13 and 20 of "
        "PRISMA 2020 are answered, the options, and the JSON of pool. A further "
        "analysis that has no answer says so. When no finite estimate exists the exit "
        "status is 4, and the page is written.",
    .examples = {"metapool report " STUDIES " --measure PLO " COUNTS
                 " --nodes 7 --by entity -o report.html",
                 "metapool report " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'MM'\" --tau2 REML -o report.html"},
    .options = MTP_COMMAND_PAGE,
    .run = run_page,
};
