/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on measures, made from their registry: a list, one of them, and the page of the
 * manual. */
#include "metapool/effects.h"

#include "cli/help.h"

#include <math.h>
#include <string.h>

enum { CODE_COLUMN = 10, FIELD_COLUMN = 18 };

/* What a measure is made of; measures of a kind come together. */
static const char *input_label(mtp_input_kind input)
{
    switch (input) { /* no default: the compiler names a kind that is forgotten */
    case MTP_INPUT_GENERIC:
        return "Ready-made effects";
    case MTP_INPUT_RATIO:
        return "Ready-made ratios";
    case MTP_INPUT_EVENTS_N:
        return "One group: events of n";
    case MTP_INPUT_EVENTS_TIME:
        return "One group: events in a person-time";
    case MTP_INPUT_TWO_EVENTS_N:
        return "Two groups: events of n";
    case MTP_INPUT_TWO_EVENTS_TIME:
        return "Two groups: events in a person-time";
    case MTP_INPUT_PAIRED_CELLS:
        return "Matched pairs: the four cells";
    case MTP_INPUT_PAIRED_MARGINS:
        return "Matched pairs: the margins";
    case MTP_INPUT_OE:
        return "Observed minus expected events";
    case MTP_INPUT_MEAN:
        return "One group: mean and standard deviation";
    case MTP_INPUT_MEANS:
        return "Two groups: means and standard deviations";
    case MTP_INPUT_SUPERIORITY:
        return "Two groups: probability of superiority";
    case MTP_INPUT_CHANGE:
        return "The same people twice";
    case MTP_INPUT_CORRELATION:
        return "Correlations";
    case MTP_INPUT_PARTIAL:
        return "Partial correlations";
    case MTP_INPUT_SEMIPARTIAL:
        return "Semi-partial correlations";
    case MTP_INPUT_R2:
        return "Coefficients of determination";
    case MTP_INPUT_ALPHA:
        return "Reliability";
    }
    return "";
}

/* " --events1 --n1 ...": the options whose columns a measure is computed from. */
static void add_own_columns(mtp_strbuf *out, const mtp_measure_info *measure,
                            const char *before, const char *after)
{
    size_t n;
    const mtp_role *role = mtp_measure_columns(measure->measure, &n);

    for (size_t r = 0; r < n; r++) {
        mtp_strbuf_printf(out, "%s%s--%s%s", r > 0 ? " " : "", before,
                          mtp_role_id(role[r]), after);
    }
}

static bool is_own_column(const mtp_measure_info *measure, mtp_role role)
{
    size_t n, r = 0;
    const mtp_role *own = mtp_measure_columns(measure->measure, &n);

    while (r < n && own[r] != role) {
        r++;
    }
    return r < n;
}

/* The options from whose columns those can be made. */
static void add_other_columns(mtp_strbuf *out, const mtp_measure_info *measure,
                              const char *before, const char *after)
{
    const char *joint = "";

    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        if (mtp_measure_reads(measure->measure, (mtp_role)r) &&
            !is_own_column(measure, (mtp_role)r)) {
            mtp_strbuf_printf(out, "%s%s--%s%s", joint, before,
                              mtp_role_id((mtp_role)r), after);
            joint = " ";
        }
    }
}

/* "LABEL  text", the text broken to its column. */
static void add_field(mtp_strbuf *out, const char *label, const char *text)
{
    if (text && *text) {
        mtp_strbuf_add(out, label);
        mtp_strbuf_add_repeated(out, ' ', FIELD_COLUMN - strlen(label));
        mtp_help_wrap(out, text, FIELD_COLUMN, FIELD_COLUMN);
        mtp_strbuf_add_char(out, '\n');
    }
}

static void add_list_field(mtp_strbuf *out, const char *label,
                           const mtp_measure_info *measure,
                           void (*add)(mtp_strbuf *, const mtp_measure_info *,
                                       const char *, const char *))
{
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    mtp_strbuf_add(&text, "");
    add(&text, measure, "", "");
    add_field(out, label, text.text);
    out->failed = out->failed || text.failed;
    mtp_strbuf_free(&text);
}

/* "LS, UB": the sampling variances that a measure has. */
static void add_vtypes(mtp_strbuf *out, const mtp_measure_info *measure)
{
    mtp_strbuf_add(out, mtp_vtype_id(MTP_VTYPE_LS));
    for (int v = 0; v < MTP_VTYPE_COUNT; v++) {
        if (measure->vtypes & (1U << v)) {
            mtp_strbuf_printf(out, ", %s", mtp_vtype_id((mtp_vtype)v));
        }
    }
}

mtp_exit mtp_cli_help_measure(const mtp_measure_info *measure)
{
    mtp_strbuf out, vtypes;

    mtp_strbuf_init(&out);
    mtp_strbuf_init(&vtypes);
    mtp_strbuf_printf(&out, "%s: %s\n\n", measure->code, measure->name);
    add_field(&out, "Data", input_label(measure->input));
    add_list_field(&out, "Columns", measure, add_own_columns);
    add_list_field(&out, "Also taken", measure, add_other_columns);
    add_field(&out, "Effect yi", measure->yi);
    add_field(&out, "Variance vi", measure->vi);
    add_vtypes(&vtypes, measure);
    add_field(&out, "--vtype", measure->vtypes ? vtypes.text : NULL);
    add_field(&out, "Analysed as", measure->scale);
    add_field(&out, "Shown as", measure->natural);
    add_field(&out, "Back-transform", measure->inverse);
    add_field(&out, "Source", measure->source);
    out.failed = out.failed || vtypes.failed;
    mtp_strbuf_free(&vtypes);
    return mtp_cli_write_buffer(&out);
}

/* Every kind of data in the order of the registry: `head`, then its measures. */
static void add_kinds(mtp_strbuf *out, void (*head)(mtp_strbuf *, const char *label),
                      void (*add)(mtp_strbuf *, const mtp_measure_info *))
{
    unsigned done = 0; /* bit: kind */

    for (int m = 0; m < MTP_MEASURE_COUNT; m++) {
        mtp_input_kind input = mtp_measure_get((mtp_measure)m)->input;

        if (done & (1U << input)) {
            continue;
        }
        done |= 1U << input;
        head(out, input_label(input));
        for (int i = m; i < MTP_MEASURE_COUNT; i++) {
            const mtp_measure_info *measure = mtp_measure_get((mtp_measure)i);

            if (measure->input == input) {
                add(out, measure);
            }
        }
    }
}

static void add_heading(mtp_strbuf *out, const char *label)
{
    mtp_strbuf_printf(out, "\n%s:\n", label);
}

static void add_line(mtp_strbuf *out, const mtp_measure_info *measure)
{
    mtp_strbuf_printf(out, "  %s", measure->code);
    mtp_strbuf_add_repeated(out, ' ', CODE_COLUMN - 2 - strlen(measure->code));
    mtp_help_wrap(out, measure->name, CODE_COLUMN, CODE_COLUMN);
    mtp_strbuf_add_char(out, '\n');
}

mtp_exit mtp_cli_help_measures(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "Measures, for --measure. 'metapool help CODE' tells the "
                         "columns, formulas and source\nof one of them.\n");
    add_kinds(&out, add_heading, add_line);
    return mtp_cli_write_buffer(&out);
}

static void add_markdown(mtp_strbuf *out, const mtp_measure_info *measure)
{
    mtp_strbuf_printf(out, "| `%s` | ", measure->code);
    mtp_help_cell(out, measure->name);
    mtp_strbuf_add(out, " | ");
    add_own_columns(out, measure, "`", "`");
    mtp_strbuf_add(out, " | ");
    add_other_columns(out, measure, "`", "`");
    mtp_strbuf_add(out, " | ");
    mtp_help_cell(out, measure->yi);
    mtp_strbuf_add(out, " | ");
    mtp_help_cell(out, measure->vi);
    mtp_strbuf_add(out, " | ");
    mtp_help_cell(out, measure->natural);
    mtp_strbuf_add(out, " | ");
    add_vtypes(out, measure);
    mtp_strbuf_add(out, " | ");
    mtp_help_cell(out, measure->source);
    mtp_strbuf_add(out, " |\n");
}

static void add_markdown_heading(mtp_strbuf *out, const char *label)
{
    mtp_strbuf_printf(out,
                      "\n## %s\n\n| code | measure | columns | also taken | yi | vi "
                      "| shown as | `--vtype` | source |\n"
                      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
                      label);
}

mtp_exit mtp_cli_measures_markdown(void)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(
        &out,
        "# Measures\n\n"
        "Made by `metapool help --markdown measures`; a test keeps it up to date. "
        "Columns are the options that\n"
        "name them; those under \"also taken\" stand in for columns that a study "
        "lacks. "
        "yi is the effect on the scale\n"
        "of analysis, vi its sampling variance; 1 is the treated group, 2 the control, "
        "or times 1 and 2.\n");
    add_kinds(&out, add_markdown_heading, add_markdown);
    return mtp_cli_write_buffer(&out);
}
