/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/explain.h"

#include "cli/cli.h"

#include <string.h>

/* The format that was asked for, by name or by the output's; false: none of ours. */
static bool choose_format(const mtp_request *request, mtp_format *format)
{
    const char *name = mtp_request_get(request, "format");
    char suffix[16];

    *format = MTP_FORMAT_TEXT;
    if (!name) {
        name =
            mtp_cli_suffix(mtp_request_get(request, "output"), suffix, sizeof suffix);
        *format = name && strcmp(name, "md") == 0     ? MTP_FORMAT_MARKDOWN
                  : name && strcmp(name, "html") == 0 ? MTP_FORMAT_HTML
                                                      : MTP_FORMAT_TEXT;
        return true;
    }
    *format = strcmp(name, "markdown") == 0 ? MTP_FORMAT_MARKDOWN
              : strcmp(name, "html") == 0   ? MTP_FORMAT_HTML
                                            : MTP_FORMAT_TEXT;
    return *format != MTP_FORMAT_TEXT || strcmp(name, "text") == 0;
}

static mtp_exit explain(mtp_cli_job *job, mtp_format format)
{
    mtp_problems problems = {0};
    mtp_error err;
    char *text = NULL;
    size_t length = 0, disagreements = 0;
    mtp_exit status = mtp_cli_exit_status(mtp_explain(job->request, job->table, format,
                                                      &text, &length, &disagreements,
                                                      &job->bundle, &problems, &err));

    if (status != MTP_EXIT_OK) {
        mtp_cli_fail(&err, &problems);
        return status;
    }
    status = mtp_cli_write(mtp_request_get(job->request, "output"), text, length);
    mtp_text_free(text);
    if (status == MTP_EXIT_OK && disagreements > 0) {
        mtp_cli_error("internal error: %zu line%s disagreed with the analysis and %s "
                      "left out; please report this with the data",
                      disagreements, disagreements == 1 ? "" : "s",
                      disagreements == 1 ? "was" : "were");
        return MTP_EXIT_CHECK;
    }
    return status == MTP_EXIT_OK ? mtp_cli_verdict(job, false) : status;
}

static mtp_exit run_explain(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    mtp_format format;
    char *operands[4];
    bool help = false;
    mtp_exit status = mtp_cli_open(command, argc, argv, 1, &job, operands, &help);

    if (status != MTP_EXIT_OK) {
        return status;
    }
    if (help) {
        status = mtp_cli_help(command);
    } else if (!choose_format(job.request, &format)) {
        mtp_cli_error("--format %s: explain has text, markdown and html",
                      mtp_request_get(job.request, "format"));
        status = MTP_EXIT_USAGE;
    } else {
        status = explain(&job, format);
    }
    mtp_cli_finish(&job);
    return status;
}

#define STUDIES "\"$(metapool datasets path nrm2024)/studies.csv\""
#define COUNTS  "--events deaths --n patients --study study"

const mtp_cli_command mtp_cmd_explain = {
    .name = "explain",
    .operands = "FILE",
    .summary = "the worked solution: each formula, then with its numbers",
    .about =
        "Pools the studies as pool does (with --mods, as regress does) and writes how "
        "the "
        "result comes about: each formula in symbols, then with the studies' own "
        "numbers, then its value, from raw data over effects, weights, sums, tau2 and "
        "heterogeneity to intervals and the natural scale. The numbers that a line "
        "shows give the digits that it shows, so that each can be checked by hand. "
        "What "
        "is found by search is shown as the equation that it solves, both sides. "
        "Markdown has LaTeX, HTML has MathML. A line that does not agree with the "
        "analysis would be an error of metapool: it is left out, and the exit status "
        "is 1.",
    .examples = {"metapool explain " STUDIES " --measure PFT " COUNTS
                 " --where \"entity = 'ALL'\"",
                 "metapool explain " STUDIES " --measure PLO --method inverse " COUNTS
                 " --where \"entity = 'MM'\" --tau2 DL --ci wald --format markdown"},
    .options = MTP_COMMAND_EXPLAIN,
    .run = run_explain,
};
