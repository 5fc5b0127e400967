/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison with a snapshot as a part of a document. */
#include "audit/verify.h"
#include "core/number.h"

#include <math.h>
#include <string.h>

/* What is listed; JSON has all. */
enum {
    ROWS = 20,
    CELLS = 8,
    DIFFERENCES = 10,
    EFFECTS = 10,
    DIGITS = 4,
    SHORT = 6,
    LONG = 17
};

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

void mtp_snapshot_sentence(const mtp_snapshot_comparison *snapshot, mtp_strbuf *out)
{
    const char *name = snapshot->name ? snapshot->name : "the snapshot";
    size_t tables = 0, analyses = 0, n = snapshot->n_analyses, k = snapshot->n_tables;

    for (size_t i = 0; i < k; i++) {
        tables += snapshot->tables[i].change != MTP_CHANGE_SAME;
    }
    for (size_t i = 0; i < n; i++) {
        analyses += snapshot->analyses[i].change != MTP_CHANGE_SAME;
    }
    if (snapshot->missing) {
        mtp_strbuf_printf(out, "%s is missing; nothing was compared", name);
        return;
    }
    if (snapshot->written || tables + analyses == 0) {
        mtp_strbuf_printf(
            out, "%s %s: ", snapshot->written ? "Written to" : "Nothing differs from",
            name);
        mtp_strbuf_printf(out, "%zu analys%s, %zu table%s", n, n == 1 ? "is" : "es", k,
                          plural(k));
        return;
    }
    mtp_strbuf_printf(out, "Not as in %s: ", name);
    mtp_strbuf_printf(out, "%zu of %zu analys%s and %zu of %zu table%s", analyses, n,
                      n == 1 ? "is" : "es", tables, k, plural(k));
}

/* "3 numbers", after a comma where something stands before. */
static void add_count(mtp_strbuf *out, size_t n, const char *what)
{
    if (n > 0) {
        mtp_strbuf_printf(out, "%s%zu %s%s", out->length > 0 ? ", " : "", n, what,
                          plural(n));
    }
}

void mtp_snapshot_analysis_sentence(const mtp_analysis_change *change, mtp_strbuf *out)
{
    size_t numbers = 0;

    for (size_t i = 0; i < change->n_differences; i++) {
        numbers += change->differences[i].kind == MTP_DIFFERENCE_NUMBER;
    }
    if (change->change != MTP_CHANGE_CHANGED) {
        mtp_strbuf_add(out, mtp_change_label(change->change));
        return;
    }
    add_count(out, numbers, "number");
    add_count(out, change->n_differences - numbers, "other value");
    add_count(out, change->n_options, "option");
    if (change->error_after) {
        mtp_strbuf_printf(out, "%sit fails: %s", out->length > 0 ? "; " : "",
                          change->error_after);
    } else if (change->error_before) {
        mtp_strbuf_printf(out, "%sbefore it failed: %s", out->length > 0 ? "; " : "",
                          change->error_before);
    }
}

void mtp_snapshot_table_sentence(const mtp_table_change *change, mtp_strbuf *out)
{
    static const char *const word[MTP_CHANGE_COUNT] = {"", "changed", "added",
                                                       "removed"};
    const char *separator = "";

    if (change->change != MTP_CHANGE_CHANGED) {
        mtp_strbuf_add(out, mtp_change_label(change->change));
        return;
    }
    for (int kind = MTP_CHANGE_CHANGED; kind < MTP_CHANGE_COUNT; kind++) {
        size_t n = 0;

        for (size_t i = 0; i < change->n_rows; i++) {
            n += change->rows[i].change == (mtp_change)kind;
        }
        if (n > 0) {
            mtp_strbuf_printf(out, "%s%zu row%s %s", separator, n, plural(n),
                              word[kind]);
            separator = ", ";
        }
    }
    if (change->n_columns > 0) {
        mtp_strbuf_printf(out, "%s%zu column%s added or removed", separator,
                          change->n_columns, plural(change->n_columns));
        separator = ", ";
    }
    if (change->reordered) {
        mtp_strbuf_printf(out, "%srows in another order", separator);
        separator = ", ";
    }
    mtp_strbuf_add(out, *separator ? "" : "other bytes");
}

/* What was written, in the arena of the document. */
static const char *taken(mtp_document *doc, mtp_strbuf *out)
{
    const char *text =
        out->failed ? NULL : mtp_arena_strdup(doc->arena, out->text ? out->text : "");

    doc->failed = doc->failed || !text;
    mtp_strbuf_free(out);
    return text ? text : "";
}

static const char *cell_text(const char *cell)
{
    return cell ? cell : "missing";
}

static void add_row(mtp_document *doc, const mtp_row_change *row)
{
    size_t number = row->row_after > 0 ? row->row_after : row->row_before;

    mtp_doc_entry(doc, NULL);
    mtp_doc_text(doc, "row %zu", number);
    if (row->label) {
        mtp_doc_text(doc, " (%s)", row->label);
    }
    if (row->change != MTP_CHANGE_CHANGED) {
        mtp_doc_text(doc, "%s",
                     row->change == MTP_CHANGE_NEW ? " was added" : " was removed");
        return;
    }
    for (size_t i = 0; i < row->n_cells && i < CELLS; i++) {
        mtp_doc_text(doc, "%s %s: ", i > 0 ? ";" : ",", row->cells[i].column);
        mtp_doc_text(doc, "%s, now %s", cell_text(row->cells[i].before),
                     cell_text(row->cells[i].after));
    }
    if (row->n_cells > CELLS) {
        mtp_doc_text(doc, "; and %zu cells more", row->n_cells - CELLS);
    }
}

static void add_table(mtp_document *doc, const mtp_table_change *table)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_snapshot_table_sentence(table, &out);
    mtp_doc_heading(doc, "Table %s (%s): %s", table->name, table->file,
                    taken(doc, &out));
    mtp_doc_notes(doc);
    for (size_t i = 0; i < table->n_columns; i++) {
        mtp_doc_entry(doc, NULL);
        mtp_doc_text(doc, "column %s was %s", table->columns[i].name,
                     table->columns[i].after ? "added" : "removed");
    }
    for (size_t i = 0; i < table->n_rows && i < ROWS; i++) {
        add_row(doc, &table->rows[i]);
    }
    if (table->n_rows > ROWS) {
        mtp_doc_entry(doc, NULL);
        mtp_doc_text(doc, "and %zu rows more", table->n_rows - ROWS);
    }
    if (table->note) {
        mtp_doc_entry(doc, NULL);
        mtp_doc_text(doc, "%s", table->note);
    }
}

static const char *signed_text(mtp_document *doc, double x, const char *unit)
{
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    if (isfinite(x)) {
        mtp_strbuf_printf(&out, "%s%s%s", x > 0.0 ? "+" : "",
                          mtp_number_brief(x, DIGITS).text, unit);
    }
    return taken(doc, &out);
}

/* A number with the digits that tell it from the other. */
static const char *number_text(mtp_document *doc, const mtp_difference *difference,
                               int which)
{
    char text[MTP_NUMBER_TEXT];
    const double *x = difference->number;
    double ratio = fmax(fabs(x[0]), fabs(x[1])) / fabs(x[1] - x[0]);
    int digits = SHORT;
    const char *kept;

    if (isfinite(ratio) && ratio > 1.0) {
        digits = (int)ceil(log10(ratio)) + 2;
        digits = digits < SHORT ? SHORT : digits > LONG ? LONG : digits;
    }
    mtp_number_significant(x[which], digits, text, sizeof text);
    kept = mtp_arena_strdup(doc->arena, text);
    doc->failed = doc->failed || !kept;
    return kept;
}

static void add_differences(mtp_document *doc, const mtp_analysis_change *analysis)
{
    static const mtp_doc_column column[] = {{"path", "Value", true, MTP_DOC_WRAP},
                                            {"before", "Before", true, MTP_DOC_CUT},
                                            {"after", "Now", true, MTP_DOC_CUT},
                                            {"relative", "Change", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < analysis->n_differences && i < DIFFERENCES; i++) {
        const mtp_difference *difference = &analysis->differences[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);
        bool number = difference->kind == MTP_DIFFERENCE_NUMBER;

        cell[0] = mtp_doc_cell_text(difference->path);
        cell[1] = mtp_doc_cell_text(number ? number_text(doc, difference, 0)
                                           : difference->before);
        cell[2] = mtp_doc_cell_text(number ? number_text(doc, difference, 1)
                                           : difference->after);
        cell[3] = mtp_doc_cell_text(
            number ? signed_text(doc, 100.0 * difference->relative, "%")
                   : mtp_difference_id(difference->kind));
    }
    if (analysis->n_differences > DIFFERENCES) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "And %zu more; --format json lists all.",
                     analysis->n_differences - DIFFERENCES);
    }
}

static const char *row_text(mtp_document *doc, const mtp_row_change *row)
{
    static const char *const what[MTP_CHANGE_COUNT] = {"", "", ", added", ", removed"};
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_strbuf_printf(&out, "row %zu",
                      row->row_after ? row->row_after : row->row_before);
    if (row->label) {
        mtp_strbuf_printf(&out, " (%s)", row->label);
    }
    mtp_strbuf_add(&out, what[row->change]);
    return taken(doc, &out);
}

static void add_effect(mtp_document *doc, const char *what, double effect)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = mtp_doc_cell_text(what);
    cell[1] = mtp_doc_cell_text(isfinite(effect) ? signed_text(doc, effect, "")
                                                 : "no figure");
}

static void add_attribution(mtp_document *doc, const mtp_table_change *table,
                            const mtp_attribution *attribution)
{
    double more = 0.0, total = attribution->after - attribution->before;
    bool has_rest = fabs(attribution->rest) > 1e-9 * fabs(total);

    mtp_doc_section(doc, "%s: %s, now %s (%s)", attribution->path,
                    mtp_number_brief(attribution->before, 6).text,
                    mtp_number_brief(attribution->after, 6).text,
                    signed_text(doc, total, ""));
    for (size_t i = 0; i < attribution->n; i++) {
        if (i < EFFECTS) {
            add_effect(doc, row_text(doc, &table->rows[i]), attribution->row[i]);
        } else {
            more += attribution->row[i];
        }
    }
    if (attribution->n > EFFECTS) {
        add_effect(doc, "the other rows, each by itself", more);
    }
    if (attribution->itself != 0.0) {
        add_effect(doc, "program and options, with the old table", attribution->itself);
    }
    if ((has_rest && attribution->n > 1) || !isfinite(attribution->rest)) {
        add_effect(doc, "what the rows do together beyond that", attribution->rest);
    }
}

static void add_analysis(mtp_document *doc, const mtp_analysis_change *analysis)
{
    static const mtp_doc_column column[] = {
        {"row", "What one row alone does", true, MTP_DOC_RIGID},
        {"effect", "Effect", false, false}};
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    mtp_snapshot_analysis_sentence(analysis, &out);
    mtp_doc_heading(doc, "Analysis %s: %s", analysis->name, taken(doc, &out));
    if (analysis->n_options > 0 || analysis->note) {
        mtp_doc_notes(doc);
    }
    for (size_t i = 0; i < analysis->n_options; i++) {
        const mtp_option_change *option = &analysis->options[i];

        mtp_doc_entry(doc, NULL);
        mtp_doc_text(doc, "%s: %s, now ", option->name,
                     option->before ? option->before : "not given");
        mtp_doc_text(doc, "%s", option->after ? option->after : "not given");
    }
    if (analysis->note) {
        mtp_doc_entry(doc, NULL);
        mtp_doc_text(doc, "%s", analysis->note);
    }
    if (analysis->n_differences > 0) {
        add_differences(doc, analysis);
    }
    if (analysis->n_attributions > 0) {
        mtp_doc_table(doc, sizeof column / sizeof *column, column);
    }
    for (size_t i = 0; i < analysis->n_attributions; i++) {
        add_attribution(doc, analysis->table, &analysis->attributions[i]);
    }
}

static void add_about(mtp_document *doc, const mtp_snapshot_comparison *snapshot)
{
    mtp_strbuf out;
    const char *before = snapshot->version_before, *after = snapshot->version_after;

    mtp_strbuf_init(&out);
    mtp_snapshot_sentence(snapshot, &out);
    mtp_doc_heading(doc, "Snapshot");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "%s.", taken(doc, &out));
    if (strcmp(before, after) != 0) {
        mtp_doc_text(doc, " metapool %s wrote it, this is %s.", before, after);
    }
    if (snapshot->file_changed) {
        mtp_doc_text(doc, " The analysis file is another one since, which by itself is "
                          "no difference.");
    }
}

void mtp_snapshot_document(mtp_document *doc, const mtp_snapshot_comparison *snapshot)
{
    add_about(doc, snapshot);
    for (size_t i = 0; i < snapshot->n_tables; i++) {
        if (snapshot->tables[i].change != MTP_CHANGE_SAME) {
            add_table(doc, &snapshot->tables[i]);
        }
    }
    for (size_t i = 0; i < snapshot->n_analyses; i++) {
        if (snapshot->analyses[i].change != MTP_CHANGE_SAME) {
            add_analysis(doc, &snapshot->analyses[i]);
        }
    }
}
