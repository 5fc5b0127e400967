/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CLI_HELP_H
#define MTP_CLI_HELP_H

#include "metapool/lint.h"

#include "analysis/options.h"
#include "cli/cli.h"

/* What help and the manual pages share. */

/** Headings of the option sections. */
extern const char *const mtp_help_section[MTP_SECTION_COUNT];
extern const char mtp_help_exit_statuses[];

/** What an option does, its choices and its default, as a new text; NULL without
 * memory. */
char *mtp_help_describe(const mtp_option_info *option);

/** Add words, broken to 80 columns from column `at` on, all lines but the first
 * indented. */
void mtp_help_wrap(mtp_strbuf *out, const char *text, size_t indent, size_t at);

/** Text in a cell of a Markdown table. */
void mtp_help_cell(mtp_strbuf *out, const char *text);

/** Does the command take option i, and does it stand in this section? */
bool mtp_help_has(const mtp_cli_command *command, unsigned i, unsigned section);

/** The manual page of a command, or of the tool (NULL), to standard output. */
mtp_exit mtp_cli_man(const mtp_cli_command *command);

/** Every measure by the data that it is made of; one of them; the page of the manual
 * (help_measures.c). */
mtp_exit mtp_cli_help_measures(void);
mtp_exit mtp_cli_help_measure(const mtp_measure_info *measure);
mtp_exit mtp_cli_measures_markdown(void);

/** Every rule of lint; one of them; the page of the manual (help_rules.c). */
mtp_exit mtp_cli_help_rules(void);
mtp_exit mtp_cli_help_rule(const mtp_lint_rule *rule);
mtp_exit mtp_cli_rules_markdown(void);

/** Every option with the commands that take it: the page of the manual
 * (help_options.c). */
mtp_exit mtp_cli_options_markdown(void);

#endif
