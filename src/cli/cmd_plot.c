/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/figure.h"

#include "cli/cli.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

enum { SUFFIX = 16 };

/* The format asked for, else what the output's name ends in, else svg. */
static const char *wanted_format(const mtp_cli_job *job, char suffix[SUFFIX])
{
    const char *format = mtp_request_get(job->request, "format");
    const char *ending =
        mtp_cli_suffix(mtp_request_get(job->request, "output"), suffix, SUFFIX);

    return format ? format : ending ? ending : "svg";
}

/* An option's number, which the registry has checked; NaN: not given. */
static double number(const mtp_cli_job *job, const char *option)
{
    const char *text = mtp_request_get(job->request, option);
    double value = (double)NAN;

    if (text) {
        (void)mtp_number_parse(text, strlen(text), &value);
    }
    return value;
}

static bool flag(const mtp_cli_job *job, const char *option)
{
    return strcmp(mtp_request_get(job->request, option), "true") == 0;
}

/* The analysis' notes, then those of the figure. */
static mtp_exit verdict(const mtp_cli_job *job, const mtp_figure *figure)
{
    mtp_exit status = mtp_cli_verdict(job, false);
    size_t warnings =
        mtp_cli_notes(&figure->notes, flag(job, "quiet"), flag(job, "verbose"));

    return status == MTP_EXIT_OK && warnings > 0 && flag(job, "strict") ? MTP_EXIT_CHECK
                                                                        : status;
}

static mtp_exit draw(const mtp_cli_job *job, mtp_figure_kind kind,
                     mtp_figure_format format)
{
    mtp_figure_options options;
    mtp_figure *figure = NULL;
    mtp_error err;
    mtp_exit status;

    mtp_figure_options_init(&options, sizeof options);
    options.width = number(job, "width");
    options.dpi = number(job, "dpi");
    status = mtp_cli_exit_status(
        mtp_figure_draw(job->bundle, kind, format, &options, &figure, &err));
    if (status != MTP_EXIT_OK) {
        mtp_cli_fail(&err, NULL);
        return status;
    }
    status = mtp_cli_write(mtp_request_get(job->request, "output"), figure->bytes,
                           figure->length);
    if (status == MTP_EXIT_OK) {
        status = verdict(job, figure);
    }
    mtp_figure_free(figure);
    return status;
}

static mtp_exit run_plot(const mtp_cli_command *command, int argc, char **argv)
{
    mtp_cli_job job;
    char *operands[4];
    bool help = false;
    const char *name;
    char suffix[SUFFIX];
    int format, kind;
    mtp_exit status;

    status = mtp_cli_start(command, argc, argv, 2, &job, operands, &help);
    if (status != MTP_EXIT_OK) {
        return status;
    }
    if (help) {
        mtp_cli_finish(&job);
        return mtp_cli_help(command);
    }
    name = wanted_format(&job, suffix);
    format = mtp_figure_format_from_id(name);
    kind = mtp_figure_kind_from_id(operands[0]);
    if (kind < 0) {
        mtp_cli_error("unknown kind of plot '%s'; there is: forest", operands[0]);
        status = MTP_EXIT_USAGE;
    } else if (format < 0) {
        mtp_cli_error("plot has svg, pdf, png, csv and json, not %s; say which with "
                      "--format",
                      name);
        status = MTP_EXIT_USAGE;
    } else {
        status = draw(&job, (mtp_figure_kind)kind, (mtp_figure_format)format);
    }
    mtp_cli_finish(&job);
    return status;
}

const mtp_cli_command mtp_cmd_plot = {
    .name = "plot",
    .operands = "forest FILE",
    .summary = "forest plot as svg, pdf or png, or its data as csv and json",
    .about =
        "Draws the studies and the pooled estimates of `metapool pool` with the same "
        "options. The format is taken from --format, else from the name of --output, "
        "else it is svg. A figure has a width of its own, to which its text is fitted; "
        "--width prints it smaller or larger as a whole.",
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
