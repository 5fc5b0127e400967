/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/forest.h"
#include "metapool/report.h"

#include "cli/cli.h"

#include <string.h>

typedef mtp_status (*forest_writer)(const mtp_forest *, char **, mtp_error *);

enum { SUFFIX = 16 };

/* The format asked for, else what the output's name ends in, else svg. */
static const char *wanted_format(const mtp_cli_job *job, char suffix[SUFFIX])
{
    const char *format = mtp_request_get(job->request, "format");
    const char *ending =
        mtp_cli_suffix(mtp_request_get(job->request, "output"), suffix, SUFFIX);

    return format ? format : ending ? ending : "svg";
}

static forest_writer find_writer(const char *format)
{
    if (strcmp(format, "svg") == 0) {
        return mtp_forest_svg;
    }
    if (strcmp(format, "csv") == 0) {
        return mtp_forest_csv;
    }
    return strcmp(format, "json") == 0 ? mtp_forest_json : NULL;
}

static mtp_exit write_forest(const mtp_cli_job *job, forest_writer writer)
{
    mtp_forest *forest = NULL;
    char *text = NULL;
    mtp_error err;
    mtp_status status = mtp_forest_new(job->bundle, &forest, &err);
    mtp_exit written;

    if (status == MTP_OK) {
        status = writer(forest, &text, &err);
    }
    mtp_forest_free(forest);
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    written =
        mtp_cli_write(mtp_request_get(job->request, "output"), text, strlen(text));
    mtp_text_free(text);
    return written;
}

static mtp_exit run_plot(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    char *operands[4];
    bool help = false;
    forest_writer writer;
    const char *format;
    char suffix[SUFFIX];
    mtp_exit status;

    status = mtp_cli_start(command, argc, argv, 2, &job, operands, &help);
    if (status != MTP_EXIT_OK) {
        return status;
    }
    if (help) {
        mtp_cli_finish(&job);
        return mtp_cli_help(command);
    }
    format = wanted_format(&job, suffix);
    writer = find_writer(format);
    if (strcmp(operands[0], "forest") != 0) {
        mtp_cli_error("unknown kind of plot '%s'; there is: forest", operands[0]);
        status = MTP_EXIT_USAGE;
    } else if (writer) {
        status = write_forest(&job, writer);
    } else {
        mtp_cli_error("plot has svg, csv and json, not %s; say which with --format",
                      format);
        status = MTP_EXIT_USAGE;
    }
    if (status == MTP_EXIT_OK) {
        status = mtp_cli_verdict(&job, false);
    }
    mtp_cli_finish(&job);
    return status;
}

const mtp_cli_command mtp_cmd_plot = {
    .name = "plot",
    .operands = "forest FILE",
    .summary = "forest plot as svg, or its data as csv and json",
    .about =
        "Draws the studies and the pooled estimates of `metapool pool` with the same "
        "options. The format is taken from --format, else from the name of --output, "
        "else it "
        "is svg.",
    .examples =
        {"metapool plot forest \"$(metapool datasets path nrm2024)/studies.csv\" "
         "--measure PLO --events deaths --n patients --study study --nodes 7 --by "
         "entity "
         "--output forest.svg",
         "metapool plot forest \"$(metapool datasets path nrm2024)/studies.csv\" "
         "--measure PLO --events deaths --n patients --study study --format csv"},
    .options = MTP_COMMAND_FOREST,
    .run = run_plot,
};
