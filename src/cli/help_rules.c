/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the rules of lint, made from their registry. */
#include "cli/help.h"

#include <string.h>

enum { FIELD_COLUMN = 10 };

static const char *const families[] = {"The table",
                                       "Cells",
                                       "Labels",
                                       "Rows",
                                       "Digits",
                                       "Limits, standard errors, p-values",
                                       "Means and spread",
                                       "Counts",
                                       "Effects and weights"};

/* A family is the digit after the L. */
static bool is_first(size_t i)
{
    return i == 0 || mtp_lint_rule_get(i)->id[1] != mtp_lint_rule_get(i - 1)->id[1];
}

static const char *family_of(const mtp_lint_rule *rule)
{
    return families[rule->id[1] - '0'];
}

mtp_exit mtp_cli_help_rules(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out,
                   "Rules of metapool lint; a star needs to know what the columns "
                   "are (--measure,\n--events, ...):\n");
    for (size_t i = 0; i < mtp_lint_rule_count(); i++) {
        const mtp_lint_rule *rule = mtp_lint_rule_get(i);

        if (is_first(i)) {
            mtp_strbuf_printf(&out, "\n%s:\n", family_of(rule));
        }
        mtp_strbuf_printf(&out, "  %s%s %-22s %s\n", rule->id,
                          rule->needs_roles ? "*" : " ", rule->name,
                          mtp_lint_severity_id(rule->severity));
    }
    mtp_strbuf_add(&out, "\n'metapool help L103' explains a rule.\n");
    return mtp_cli_write_buffer(&out);
}

static void add_field(mtp_strbuf *out, const char *name, const char *text)
{
    if (*text) {
        mtp_strbuf_printf(out, "%-*s", FIELD_COLUMN, name);
        mtp_help_wrap(out, text, FIELD_COLUMN, FIELD_COLUMN);
        mtp_strbuf_add_char(out, '\n');
    }
}

mtp_exit mtp_cli_help_rule(const mtp_lint_rule *rule)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_printf(&out, "%s %s (%s)\n\n", rule->id, rule->name,
                      mtp_lint_severity_id(rule->severity));
    add_field(&out, "Reason", rule->reason);
    add_field(&out, "Way out", rule->remedy);
    add_field(&out, "Needs",
              rule->needs_roles ? "the columns' roles, as pool takes them (--measure, "
                                  "--events, --sei, ...)"
                                : "nothing but the table");
    add_field(&out, "Source", rule->source);
    mtp_strbuf_printf(&out, "\nLeave it out with --ignore %s.\n", rule->id);
    return mtp_cli_write_buffer(&out);
}

mtp_exit mtp_cli_rules_markdown(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(
        &out,
        "# Rules of metapool lint\n\nMade by `metapool help --markdown rules`; a "
        "test keeps it up to date. An id never changes. A rule marked with a star "
        "needs to know what the columns are: give lint the options that pool "
        "would get. How the rules decide is in [methods.md](methods.md#doubts-"
        "about-a-table).\n");
    for (size_t i = 0; i < mtp_lint_rule_count(); i++) {
        const mtp_lint_rule *rule = mtp_lint_rule_get(i);

        if (is_first(i)) {
            mtp_strbuf_printf(
                &out,
                "\n## %s\n\n| rule | severity | why | way out | source |\n"
                "| --- | --- | --- | --- | --- |\n",
                family_of(rule));
        }
        mtp_strbuf_printf(&out, "| %s%s %s | %s | ", rule->id,
                          rule->needs_roles ? "\\*" : "", rule->name,
                          mtp_lint_severity_id(rule->severity));
        mtp_help_cell(&out, rule->reason);
        mtp_strbuf_add(&out, " | ");
        mtp_help_cell(&out, rule->remedy);
        mtp_strbuf_add(&out, " | ");
        mtp_help_cell(&out, rule->source);
        mtp_strbuf_add(&out, " |\n");
    }
    return mtp_cli_write_buffer(&out);
}
