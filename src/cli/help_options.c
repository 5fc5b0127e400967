/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of the manual on options, made from their registry. */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

/* The commands that take an option, as they are called. */
static void add_commands(mtp_strbuf *out, const mtp_option_info *option)
{
    const char *joint = "";

    for (const mtp_cli_command *const *c = mtp_cli_commands; *c; c++) {
        if (option->commands & (*c)->options) {
            mtp_strbuf_printf(out, "%s%s", joint, (*c)->name);
            joint = ", ";
        }
    }
}

static void add_row(mtp_strbuf *out, const mtp_option_info *option)
{
    char *text = mtp_help_describe(option);

    mtp_strbuf_add(out, "| ");
    if (option->letter) {
        mtp_strbuf_printf(out, "`-%c` ", option->letter);
    }
    mtp_strbuf_printf(out, "`--%s%s%s` | ", option->name, *option->argument ? " " : "",
                      option->argument);
    add_commands(out, option);
    mtp_strbuf_add(out, " | ");
    mtp_help_cell(out, text ? text : "");
    out->failed = out->failed || !text;
    mtp_strbuf_add(out, " |\n");
    free(text);
}

mtp_exit mtp_cli_options_markdown(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "# Options\n\nMade by `metapool help --markdown options`; a "
                         "test keeps it up to date. EXPR is the name of a column or an "
                         "SQL expression.\n");
    for (unsigned section = 0; section < MTP_SECTION_COUNT; section++) {
        mtp_strbuf_printf(&out,
                          "\n## %.*s\n\n| option | commands | what it does |\n"
                          "| --- | --- | --- |\n",
                          (int)strcspn(mtp_help_section[section], " "),
                          mtp_help_section[section]);
        for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
            const mtp_option_info *option = mtp_option_get((mtp_option_index)i);

            if (option->section == section) {
                add_row(&out, option);
            }
        }
    }
    return mtp_cli_write_buffer(&out);
}
