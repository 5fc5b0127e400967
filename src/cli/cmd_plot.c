/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/figure.h"

#include "cli/cli.h"

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

    mtp_figure_options_of(job->request, &options);
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

/* The kind decides which options there are, so it is looked for before they are read:
 * the first argument, or else the first that is a kind. -1: none. */
static int find_kind(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int kind = mtp_figure_kind_from_id(argv[i]);

        if (kind >= 0) {
            return kind;
        }
    }
    return -1;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static mtp_exit no_kind(int argc, char **argv)
{
    bool named = argc > 1 && argv[1][0] != '-';
    mtp_strbuf kinds;

    mtp_strbuf_init(&kinds);
    for (int kind = 0; kind < MTP_FIGURE_COUNT; kind++) {
        mtp_strbuf_add(&kinds, kind > 0 ? ", " : "");
        mtp_strbuf_add(&kinds, mtp_figure_kind_id((mtp_figure_kind)kind));
    }
    mtp_cli_error("%s%s%s; there are: %s",
                  named ? "unknown kind of plot '" : "the kind of plot is missing",
                  named ? argv[1] : "", named ? "'" : "",
                  kinds.failed ? "" : kinds.text);
    mtp_strbuf_free(&kinds);
    return MTP_EXIT_USAGE;
}

static mtp_exit draw_job(const mtp_cli_job *job, mtp_figure_kind kind)
{
    char suffix[SUFFIX];
    const char *name = wanted_format(job, suffix);
    int format = mtp_figure_format_from_id(name);

    if (format < 0) {
        mtp_cli_error("plot has svg, pdf, png, csv and json, not %s; say which with "
                      "--format",
                      name);
        return MTP_EXIT_USAGE;
    }
    return draw(job, kind, (mtp_figure_format)format);
}

static mtp_exit run_plot(const mtp_cli_command *command, int argc, char **argv)
{
    int kind = find_kind(argc, argv);
    mtp_cli_command of_kind = *command;
    mtp_cli_job job;
    char *operands[4];
    bool help = false;
    mtp_exit status;

    if (asks_for_help(argc, argv)) {
        return mtp_cli_help(command);
    }
    if (kind < 0) {
        return no_kind(argc, argv);
    }
    of_kind.kind = mtp_figure_kind_id((mtp_figure_kind)kind);
    of_kind.options = (unsigned)mtp_figure_kind_command((mtp_figure_kind)kind);
    status = mtp_cli_start(&of_kind, argc, argv, 2, &job, operands, &help);
    if (status != MTP_EXIT_OK) {
        return status;
    }
    status = draw_job(&job, (mtp_figure_kind)kind);
    mtp_cli_finish(&job);
    return status;
}

const mtp_cli_command mtp_cmd_plot = {
    .name = "plot",
    .operands = "KIND FILE",
    .summary = "figures as svg, pdf or png, or the data that they show",
    .about =
        "Draws an analysis with the options of `metapool pool`, composition and "
        "compare with the options of these commands. KIND is forest (studies and "
        "pooled "
        "estimates, with subgroups), composition (stacked bars of shares), compare "
        "(specification curve), funnel "
        "(effects against precision, "
        "--y-axis, with regions of significance, --contours, and the studies that trim "
        "and fill adds, --trim-fill), baujat (which studies make the heterogeneity, "
        "and which of them move the pooled mean), radial (Galbraith plot: effects in "
        "standard errors against precision, read on an arc), labbe (the outcome of the "
        "treated group against that of the control group), influence (eight "
        "diagnostics "
        "of each study in small panels; with --mods of a regression), gosh (the fits "
        "of "
        "all subsets, --subsets, --highlight), profile (the "
        "likelihood over tau2 with its modes and the interval that it gives, "
        "--tau2-range), drapery (the p-value of every value of the effect, for each "
        "study, "
        "the pooled means and the prediction, --y-axis) or bubble (studies over a "
        "moderator, with the line and both "
        "bands "
        "of a regression, with the options of `metapool regress`). The "
        "format is taken from "
        "--format, else "
        "from the "
        "name of --output, else it is svg. A forest plot has the width of its columns "
        "and is laid out anew for a --width that is less; the others are laid out for "
        "--width "
        "(default "
        "120 mm).",
    .examples =
        {"metapool plot forest \"$(metapool datasets path nrm2024)/studies.csv\" "
         "--measure PLO --events deaths --n patients --study study --nodes 7 --by "
         "entity "
         "--output forest.svg",
         "metapool plot funnel \"$(metapool datasets path nrm2024)/studies.csv\" "
         "--measure PLO --events deaths --n patients --study study --null 0.05 "
         "--contours 90,95,99 --output funnel.svg",
         "metapool plot bubble \"$(metapool datasets path nrm2024)/studies.csv\" "
         "--measure PLO --events deaths --n patients --study study --mods "
         "followup_months "
         "--output bubble.svg"},
    .options = MTP_COMMAND_FOREST | MTP_COMMAND_COMPOSITION_FIGURE |
               MTP_COMMAND_COMPARE_FIGURE | MTP_COMMAND_FUNNEL |
               MTP_COMMAND_DIAGNOSTICS | MTP_COMMAND_RADIAL | MTP_COMMAND_LABBE |
               MTP_COMMAND_TAU2_CURVE | MTP_COMMAND_GOSH_FIGURE | MTP_COMMAND_DRAPERY |
               MTP_COMMAND_BUBBLE,
    .run = run_plot,
};
