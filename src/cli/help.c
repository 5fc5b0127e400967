/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include "metapool/version.h"

#include "analysis/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Help, made from the command table and the option registry. */

enum { TEXT_WIDTH = 80, HELP_COLUMN = 26 };

const char *const mtp_help_section[MTP_SECTION_COUNT] = {
    [MTP_SECTION_COLUMNS] = "Columns (EXPR: a column name or an SQL expression)",
    [MTP_SECTION_ROWS] = "Rows",
    [MTP_SECTION_MODEL] = "Model",
    [MTP_SECTION_ANALYSES] = "Analyses",
    [MTP_SECTION_OUTPUT] = "Output",
};

void mtp_help_wrap(mtp_strbuf *out, const char *text, size_t indent, size_t at)
{
    bool first = true;

    while (*text) {
        size_t word = strcspn(text, " ");

        if (!first && at + 1 + word > TEXT_WIDTH) {
            mtp_strbuf_add_char(out, '\n');
            mtp_strbuf_add_repeated(out, ' ', indent);
            at = indent;
        } else if (!first) {
            mtp_strbuf_add_char(out, ' ');
            at++;
        }
        mtp_strbuf_add_bytes(out, text, word);
        at += word;
        first = false;
        text += word;
        text += strspn(text, " ");
    }
}

void mtp_help_cell(mtp_strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("|*_<>[]\\`", *text)) {
            mtp_strbuf_add_char(out, '\\');
        }
        mtp_strbuf_add_char(out, *text);
    }
}

/* "one of A, B, C" for options with few or many choices. */
static void add_choices(mtp_strbuf *text, const mtp_option_info *option)
{
    const char *joint = "";

    if (!*option->choices || option->kind == MTP_VALUE_FLAG) {
        return;
    }
    mtp_strbuf_add(text, ": ");
    for (const char *at = option->choices; *at;) {
        size_t length = strcspn(at, "|");

        if (strncmp(at, "given|", 6) != 0) {
            mtp_strbuf_add(text, joint);
            mtp_strbuf_add_bytes(text, at, length);
            joint = ", ";
        }
        at += length + 1;
    }
    if (option->kind == MTP_VALUE_CHOICE_OR_NUMBER) {
        mtp_strbuf_add(text, " or a number");
    }
}

/* What an option does, its choices and its default. */
char *mtp_help_describe(const mtp_option_info *option)
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, option->help);
    if (!strstr(option->help, "text (default)")) {
        add_choices(&text, option);
    }
    if (option->fallback && option->kind != MTP_VALUE_FLAG) {
        mtp_strbuf_printf(&text, " (default %s)", option->fallback);
    }
    return mtp_strbuf_take(&text, NULL);
}

bool mtp_help_has(const mtp_cli_command *command, unsigned i, unsigned section)
{
    const mtp_option_info *option = mtp_option_get((mtp_option_index)i);

    return (option->commands & command->options) && option->section == section;
}

static void add_option(mtp_strbuf *out, const mtp_option_info *option)
{
    char *text = mtp_help_describe(option);
    size_t start = out->length, used;

    if (option->letter) {
        mtp_strbuf_printf(out, "  -%c, ", option->letter);
    } else {
        mtp_strbuf_add(out, "      ");
    }
    mtp_strbuf_printf(out, "--%s%s%s", option->name, *option->argument ? " " : "",
                      option->argument);
    used = out->length - start;
    if (used + 1 >= HELP_COLUMN) {
        mtp_strbuf_add_char(out, '\n');
        used = 0;
    }
    mtp_strbuf_add_repeated(out, ' ', HELP_COLUMN - used);
    mtp_help_wrap(out, text ? text : "", HELP_COLUMN, HELP_COLUMN);
    out->failed = out->failed || !text;
    mtp_strbuf_add_char(out, '\n');
    free(text);
}

static void add_options(mtp_strbuf *out, const mtp_cli_command *command)
{
    for (unsigned section = 0; section < MTP_SECTION_COUNT; section++) {
        bool titled = false;

        for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
            if (!mtp_help_has(command, i, section)) {
                continue;
            }
            if (!titled) {
                mtp_strbuf_printf(out, "\n%s:\n", mtp_help_section[section]);
                titled = true;
            }
            add_option(out, mtp_option_get((mtp_option_index)i));
        }
    }
}

mtp_exit mtp_cli_help(const mtp_cli_command *command)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "Examples:\n");
    for (size_t i = 0; command->examples[i]; i++) {
        mtp_strbuf_printf(&out, "  %s\n", command->examples[i]);
    }
    mtp_strbuf_printf(&out, "\nUsage: metapool %s %s%s\n\n", command->name,
                      command->operands, command->options ? " [OPTIONS]" : "");
    mtp_help_wrap(&out, command->about, 0, 0);
    mtp_strbuf_add(&out, "\n");
    if (command->options) {
        if (!(command->options & (MTP_COMMAND_RUN | MTP_COMMAND_VERIFY))) {
            mtp_strbuf_add(
                &out, "FILE is a study table: CSV with a header line, or an SQLite "
                      "database; - is\nstandard input.\n");
        }
        add_options(&out, command);
    }
    return mtp_cli_write_buffer(&out);
}

const char mtp_help_exit_statuses[] =
    "Exit status: 0 done, 1 a check found a difference (or a warning with --strict),\n"
    "2 usage, 3 bad input data, 4 no overall estimate exists, 5 the system failed.\n";

mtp_exit mtp_cli_overview(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "metapool " MTP_VERSION ": meta-analysis to the last digit\n\n"
                         "Usage: metapool COMMAND [FILE] [OPTIONS]\n\nCommands:\n");
    for (const mtp_cli_command *const *c = mtp_cli_commands; *c; c++) {
        mtp_strbuf_printf(&out, "  %-12s  ", (*c)->name);
        mtp_help_wrap(&out, (*c)->summary, 16, 16);
        mtp_strbuf_add_char(&out, '\n');
    }
    mtp_strbuf_add(
        &out,
        "\n'metapool help COMMAND' explains a command and starts with two "
        "examples that\nrun on the bundled data; 'metapool help measures' lists the "
        "measures. 'metapool\n--version' prints the version.\n\n");
    mtp_strbuf_add(&out, mtp_help_exit_statuses);
    return mtp_cli_write_buffer(&out);
}

/* A topic that is no command: the measures, or one of them by its code. */
static mtp_exit help_topic(const char *topic, bool markdown)
{
    const mtp_measure_info *measure = mtp_measure_from_code(topic);
    const mtp_lint_rule *rule = mtp_lint_rule_find(topic);

    if (markdown && strcmp(topic, "options") == 0) {
        return mtp_cli_options_markdown();
    }
    if (strcmp(topic, "measures") == 0) {
        return markdown ? mtp_cli_measures_markdown() : mtp_cli_help_measures();
    }
    if (strcmp(topic, "rules") == 0) {
        return markdown ? mtp_cli_rules_markdown() : mtp_cli_help_rules();
    }
    if (rule && !markdown) {
        return mtp_cli_help_rule(rule);
    }
    return measure && !markdown ? mtp_cli_help_measure(measure)
                                : mtp_cli_unknown(topic);
}

static mtp_exit run_help(const mtp_cli_command *self, int argc, char **argv)
{
    bool man = argc >= 2 && strcmp(argv[1], "--man") == 0;
    bool markdown = argc >= 2 && strcmp(argv[1], "--markdown") == 0;
    int first = man || markdown ? 2 : 1;
    const mtp_cli_command *command = argc > first ? mtp_cli_find(argv[first]) : NULL;

    if (argc > first + 1 || (markdown && argc == first)) {
        mtp_cli_error("usage: metapool help %s", self->operands);
        return MTP_EXIT_USAGE;
    }
    if (argc > first && (!command || markdown)) {
        return man ? mtp_cli_unknown(argv[first]) : help_topic(argv[first], markdown);
    }
    if (man) {
        return mtp_cli_man(command);
    }
    return command ? mtp_cli_help(command) : mtp_cli_overview();
}

const mtp_cli_command mtp_cmd_help = {
    .name = "help",
    .operands =
        "[--man] [COMMAND] | [--markdown] measures|rules | --markdown options | CODE",
    .summary = "explain a command or a measure",
    .about =
        "Explains a command, or lists all of them; with --man as a manual page in "
        "roff. 'measures' lists the effect measures, with --markdown as a page with "
        "their formulas; the code of one explains it. 'rules' lists the rules of lint "
        "in the same way.",
    .examples = {"metapool help pool", "metapool help OR"},
    .run = run_help,
};
