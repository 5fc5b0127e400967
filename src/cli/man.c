/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/version.h"

#include "cli/help.h"

#include <stdlib.h>

/* Manual pages in roff, from the same tables as help. */

/* Text in roff: backslashes and hyphens escaped, no line begins with a dot or quote. */
static void add_roff(mtp_strbuf *out, const char *text)
{
    if (*text == '.' || *text == '\'') {
        mtp_strbuf_add(out, "\\&");
    }
    for (; *text; text++) {
        if (*text == '\\') {
            mtp_strbuf_add(out, "\\e");
        } else if (*text == '-') {
            mtp_strbuf_add(out, "\\-");
        } else {
            mtp_strbuf_add_char(out, *text);
        }
    }
}

static void add_roff_option(mtp_strbuf *out, const mtp_option_info *option)
{
    char *text = mtp_help_describe(option);

    mtp_strbuf_add(out, ".TP\n.B ");
    if (option->letter) {
        mtp_strbuf_printf(out, "\\-%c, ", option->letter);
    }
    mtp_strbuf_add(out, "\\-\\-");
    add_roff(out, option->name);
    mtp_strbuf_printf(out, " %s\n", option->argument);
    add_roff(out, text ? text : "");
    out->failed = out->failed || !text;
    mtp_strbuf_add_char(out, '\n');
    free(text);
}

static mtp_exit command_page(const mtp_cli_command *command)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_printf(&out,
                      ".TH METAPOOL\\-%s 1 \"\" \"metapool %s\" \"metapool manual\"\n",
                      command->name, MTP_VERSION);
    mtp_strbuf_printf(&out, ".SH NAME\nmetapool\\-%s \\- ", command->name);
    add_roff(&out, command->summary);
    mtp_strbuf_printf(&out, "\n.SH SYNOPSIS\n.B metapool %s\n", command->name);
    add_roff(&out, command->operands);
    mtp_strbuf_printf(&out, "%s\n.SH DESCRIPTION\n",
                      command->options ? " [OPTIONS]" : "");
    add_roff(&out, command->about);
    mtp_strbuf_add(&out, "\n");
    for (unsigned section = 0; section < MTP_SECTION_COUNT; section++) {
        bool titled = false;

        for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
            if (mtp_help_has(command, i, section)) {
                mtp_strbuf_printf(&out, "%s%s%s", titled ? "" : ".SS ",
                                  titled ? "" : mtp_help_section[section],
                                  titled ? "" : "\n");
                titled = true;
                add_roff_option(&out, mtp_option_get((mtp_option_index)i));
            }
        }
    }
    mtp_strbuf_add(&out, ".SH EXAMPLES\n.nf\n");
    for (size_t i = 0; command->examples[i]; i++) {
        add_roff(&out, command->examples[i]);
        mtp_strbuf_add(&out, "\n");
    }
    mtp_strbuf_add(&out, ".fi\n.SH SEE ALSO\n.BR metapool (1)\n");
    return mtp_cli_write_buffer(&out);
}

static mtp_exit main_page(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_printf(&out, ".TH METAPOOL 1 \"\" \"metapool %s\" \"metapool manual\"\n",
                      MTP_VERSION);
    mtp_strbuf_add(&out, ".SH NAME\nmetapool \\- meta\\-analysis to the last digit\n"
                         ".SH SYNOPSIS\n.B metapool\nCOMMAND [FILE] [OPTIONS]\n"
                         ".SH COMMANDS\n");
    for (const mtp_cli_command *const *c = mtp_cli_commands; *c; c++) {
        mtp_strbuf_printf(&out, ".TP\n.B %s\n", (*c)->name);
        add_roff(&out, (*c)->summary);
        mtp_strbuf_add_char(&out, '\n');
    }
    mtp_strbuf_add(&out, ".SH EXIT STATUS\n");
    add_roff(&out, mtp_help_exit_statuses);
    mtp_strbuf_add(&out, ".SH ENVIRONMENT\n.TP\n.B METAPOOL_DATASETS\n"
                         "folder of the bundled data sets\n.TP\n.B NO_COLOR\n"
                         "when set and not empty, no colour\n.SH LICENCE\n"
                         "GPL\\-3.0\\-or\\-later.\n");
    return mtp_cli_write_buffer(&out);
}

mtp_exit mtp_cli_man(const mtp_cli_command *command)
{
    return command ? command_page(command) : main_page();
}
