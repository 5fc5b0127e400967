/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* getopt_long */
#include "metapool/figure.h"

#include "analysis/options.h"
#include "cli/cli.h"
#include "core/strbuf.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { HELP = MTP_OPT_COUNT, FIRST = 256 };

/* getopt's tables for the options of a command, made from the registry. */
typedef struct tables {
    struct option longs[MTP_OPT_COUNT + 2];
    char shorts[2 * MTP_OPT_COUNT + 8];
} tables;

static void make_tables(unsigned command, tables *t)
{
    size_t n = 0, s = 0;

    t->shorts[s++] = ':'; /* tell a missing value from an unknown option */
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);
        int argument = info->kind == MTP_VALUE_FLAG ? no_argument : required_argument;

        if (!(info->commands & command)) {
            continue;
        }
        t->longs[n++] = (struct option){info->name, argument, NULL, (int)(FIRST + i)};
        if (info->letter) {
            t->shorts[s++] = info->letter;
            if (argument == required_argument) {
                t->shorts[s++] = ':';
            }
        }
    }
    t->longs[n++] = (struct option){"help", no_argument, NULL, FIRST + HELP};
    t->longs[n] = (struct option){0};
    t->shorts[s++] = 'h';
    t->shorts[s] = '\0';
}

/* The registry index of what getopt returned; HELP, or -1. */
static int index_of(int code, unsigned command)
{
    if (code == 'h') {
        return HELP;
    }
    if (code >= FIRST) {
        return code - FIRST;
    }
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);

        if ((info->commands & command) && info->letter && info->letter == code) {
            return (int)i;
        }
    }
    return -1;
}

enum { KINDS_NAMED = 3 };

static bool kind_has(mtp_figure_kind kind, const char *name)
{
    mtp_command command = mtp_figure_kind_command(kind);
    mtp_option_index index = mtp_option_find(command, name);

    return index != MTP_OPT_COUNT &&
           (mtp_option_get(index)->commands & (unsigned)command);
}

/* "plot forest and plot bubble have it"; nothing where no kind of plot has it. */
static void add_kinds(const char *name, mtp_strbuf *out)
{
    const char *has[MTP_FIGURE_COUNT];
    size_t n = 0;

    for (int kind = 0; kind < MTP_FIGURE_COUNT; kind++) {
        if (kind_has((mtp_figure_kind)kind, name)) {
            has[n++] = mtp_figure_kind_id((mtp_figure_kind)kind);
        }
    }
    for (size_t i = 0; i < n && n <= KINDS_NAMED; i++) {
        mtp_strbuf_printf(out, "%splot %s",
                          i == 0       ? ""
                          : i + 1 == n ? " and "
                                       : ", ",
                          has[i]);
    }
    mtp_strbuf_add(out, n == 0             ? ""
                        : n == 1           ? " has it"
                        : n <= KINDS_NAMED ? " have it"
                                           : "other kinds of plot have it");
}

/* An option that the command lacks and another has; false: no command has it. */
static bool say_who_has(const mtp_cli_command *command, const char *name)
{
    mtp_command which = (mtp_command)command->options;
    const char *way = mtp_option_instead(which, name);
    mtp_strbuf kinds;

    mtp_strbuf_init(&kinds);
    if (command->kind && !way) {
        add_kinds(name, &kinds);
        way = kinds.length > 0 ? kinds.text : NULL;
    }
    way = way ? way : mtp_option_advice(which, name);
    if (way) {
        mtp_cli_error("%s%s%s has no --%s: %s", command->name, command->kind ? " " : "",
                      command->kind ? command->kind : "", name, way);
    }
    mtp_strbuf_free(&kinds);
    return way != NULL;
}

static mtp_exit bad_option(const mtp_cli_command *command, int code, const char *typed)
{
    if (code == '?' && optopt >= FIRST && optopt - FIRST < MTP_OPT_COUNT) {
        mtp_cli_error("--%s takes no value; see 'metapool help %s'",
                      mtp_option_get((mtp_option_index)(optopt - FIRST))->name,
                      command->name);
    } else if (code == ':') {
        mtp_cli_error("%s needs a value; see 'metapool help %s'", typed, command->name);
    } else if (typed[0] == '-' && typed[1] == '-') {
        char name[64];
        size_t length = strcspn(typed + 2, "=");
        const char *near;

        (void)snprintf(name, sizeof name, "%.*s", (int)length, typed + 2);
        if (say_who_has(command, name)) {
            return MTP_EXIT_USAGE;
        }
        near = mtp_option_nearest((mtp_command)command->options, name);
        mtp_cli_error("unknown option --%s; %s%s%s'metapool help %s' lists them", name,
                      near ? "did you mean --" : "", near ? near : "", near ? "? " : "",
                      command->name);
    } else {
        mtp_cli_error("unknown option %s; 'metapool help %s' lists them", typed,
                      command->name);
    }
    return MTP_EXIT_USAGE;
}

/* Options of which a second value may be meant to be added to the first, such as
 * --where and --mods. */
static bool is_named_once(const mtp_option_info *info)
{
    return info->section == MTP_SECTION_ROWS || strcmp(info->argument, "FORMULA") == 0;
}

/* Of most options the last value holds; but a second --where or --mods must not replace
 * the first in silence, and repeatable ones have them all. */
static bool contradicts(const mtp_request *request, const mtp_option_info *info,
                        const char *value)
{
    const char *before = mtp_request_get(request, info->name);

    if (info->kind == MTP_VALUE_LIST || !is_named_once(info) || !before ||
        strcmp(before, value) == 0) {
        return false;
    }
    mtp_cli_error("--%s is given twice, as %s and as %s; give it once", info->name,
                  before, value);
    return true;
}

mtp_exit mtp_cli_parse(const mtp_cli_command *command, int argc, char **argv,
                       mtp_request **request, char **operands, size_t *n_operands,
                       bool *help)
{
    mtp_command which = (mtp_command)command->options;
    mtp_error err;
    mtp_status status = mtp_request_new(which, request, &err);
    bool given[MTP_OPT_COUNT] = {false};
    tables t;
    int code;

    *help = false;
    make_tables(command->options, &t);
    opterr = 0;
    while (status == MTP_OK &&
           (code = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
        int index = index_of(code, command->options);
        const mtp_option_info *info;
        const char *value;

        if (code == '?' || code == ':' || index < 0) {
            char letter[3] = {'-', (char)optopt, '\0'};
            bool short_option = code == '?' && optopt > 0 && optopt < FIRST;

            return bad_option(command, code, short_option ? letter : argv[optind - 1]);
        }
        if (index == HELP) {
            *help = true;
            return MTP_EXIT_OK;
        }
        info = mtp_option_get((mtp_option_index)index);
        value = optarg ? optarg : "true";
        if (given[index] && contradicts(*request, info, value)) {
            return MTP_EXIT_USAGE;
        }
        given[index] = true;
        status = mtp_request_set(*request, info->name, value, &err);
    }
    if (status != MTP_OK) {
        mtp_cli_fail(&err, NULL);
        return mtp_cli_exit_status(status);
    }
    *n_operands = (size_t)(argc - optind);
    memcpy(operands, argv + optind, *n_operands * sizeof *operands);
    return MTP_EXIT_OK;
}
