/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key `snapshot` of metapool.verify/1. */
#include "audit/verify.h"
#include "core/json_text.h"

#include <math.h>

static void add_text(mtp_strbuf *out, const char *before, const char *text)
{
    mtp_strbuf_add(out, before);
    mtp_strbuf_add_json(out, text);
}

static void add_number(mtp_strbuf *out, const char *before, double x)
{
    mtp_strbuf_add(out, before);
    if (isfinite(x)) {
        mtp_strbuf_add_number(out, x);
    } else {
        mtp_strbuf_add(out, "null");
    }
}

/* A row's number; 0 is null. */
static void add_row_number(mtp_strbuf *out, const char *before, size_t row)
{
    add_number(out, before, row > 0 ? (double)row : (double)NAN);
}

static void add_flag(mtp_strbuf *out, const char *before, bool flag)
{
    mtp_strbuf_printf(out, "%s%s", before, flag ? "true" : "false");
}

static void add_changes(mtp_strbuf *out, size_t n, const mtp_option_change item[])
{
    mtp_strbuf_add(out, "[");
    for (size_t i = 0; i < n; i++) {
        add_text(out, i > 0 ? ", {\"name\": " : "{\"name\": ", item[i].name);
        add_text(out, ", \"before\": ", item[i].before);
        add_text(out, ", \"after\": ", item[i].after);
        mtp_strbuf_add(out, "}");
    }
    mtp_strbuf_add(out, "]");
}

static void add_row(mtp_strbuf *out, const mtp_row_change *row)
{
    add_text(out, "\n        {\"change\": ", mtp_change_id(row->change));
    add_row_number(out, ", \"row_before\": ", row->row_before);
    add_row_number(out, ", \"row_after\": ", row->row_after);
    add_text(out, ", \"study\": ", row->label);
    mtp_strbuf_add(out, ", \"cells\": [");
    for (size_t i = 0; i < row->n_cells; i++) {
        add_text(out,
                 i > 0 ? ", {\"column\": " : "{\"column\": ", row->cells[i].column);
        add_text(out, ", \"before\": ", row->cells[i].before);
        add_text(out, ", \"after\": ", row->cells[i].after);
        mtp_strbuf_add(out, "}");
    }
    mtp_strbuf_add(out, "]}");
}

static void add_table(mtp_strbuf *out, const mtp_table_change *table)
{
    add_text(out, "\n      {\"name\": ", table->name);
    add_text(out, ", \"file\": ", table->file);
    add_text(out, ", \"change\": ", mtp_change_id(table->change));
    add_text(out, ",\n       \"sha256_before\": ", table->sha256_before);
    add_text(out, ",\n       \"sha256_after\": ", table->sha256_after);
    mtp_strbuf_add(out, ",\n       \"columns\": ");
    add_changes(out, table->n_columns, table->columns);
    mtp_strbuf_add(out, ",\n       \"rows\": [");
    for (size_t i = 0; i < table->n_rows; i++) {
        mtp_strbuf_add(out, i > 0 ? "," : "");
        add_row(out, &table->rows[i]);
    }
    mtp_strbuf_add(out, "]");
    add_flag(out, ",\n       \"reordered\": ", table->reordered);
    add_text(out, ", \"note\": ", table->note);
    mtp_strbuf_add(out, "}");
}

static void add_difference(mtp_strbuf *out, const mtp_difference *difference)
{
    add_text(out, "\n        {\"path\": ", difference->path);
    add_text(out, ", \"kind\": ", mtp_difference_id(difference->kind));
    if (difference->kind == MTP_DIFFERENCE_NUMBER) {
        add_number(out, ", \"before\": ", difference->number[0]);
        add_number(out, ", \"after\": ", difference->number[1]);
    } else {
        add_text(out, ", \"before\": ", difference->before);
        add_text(out, ", \"after\": ", difference->after);
    }
    add_number(out, ", \"relative\": ", difference->relative);
    mtp_strbuf_add(out, "}");
}

static void add_attribution(mtp_strbuf *out, const mtp_attribution *attribution)
{
    add_text(out, "\n        {\"path\": ", attribution->path);
    add_number(out, ", \"before\": ", attribution->before);
    add_number(out, ", \"after\": ", attribution->after);
    add_number(out, ", \"itself\": ", attribution->itself);
    mtp_strbuf_add(out, ", \"rows\": [");
    for (size_t i = 0; i < attribution->n; i++) {
        add_number(out, i > 0 ? ", " : "", attribution->row[i]);
    }
    add_number(out, "], \"rest\": ", attribution->rest);
    mtp_strbuf_add(out, "}");
}

static void add_analysis(mtp_strbuf *out, const mtp_analysis_change *analysis)
{
    add_text(out, "\n      {\"name\": ", analysis->name);
    add_text(out, ", \"change\": ", mtp_change_id(analysis->change));
    add_text(out, ",\n       \"error_before\": ", analysis->error_before);
    add_text(out, ", \"error_after\": ", analysis->error_after);
    mtp_strbuf_add(out, ",\n       \"options\": ");
    add_changes(out, analysis->n_options, analysis->options);
    mtp_strbuf_add(out, ",\n       \"differences\": [");
    for (size_t i = 0; i < analysis->n_differences; i++) {
        mtp_strbuf_add(out, i > 0 ? "," : "");
        add_difference(out, &analysis->differences[i]);
    }
    add_text(out,
             "],\n       \"table\": ", analysis->table ? analysis->table->name : NULL);
    mtp_strbuf_add(out, ",\n       \"attributions\": [");
    for (size_t i = 0; i < analysis->n_attributions; i++) {
        mtp_strbuf_add(out, i > 0 ? "," : "");
        add_attribution(out, &analysis->attributions[i]);
    }
    add_text(out, "],\n       \"note\": ", analysis->note);
    mtp_strbuf_add(out, "}");
}

void mtp_snapshot_write_json(const mtp_snapshot_comparison *snapshot, mtp_strbuf *out)
{
    if (!snapshot) {
        mtp_strbuf_add(out, "null");
        return;
    }
    add_text(out, "{\n    \"file\": ", snapshot->name);
    add_flag(out, ",\n    \"written\": ", snapshot->written);
    add_flag(out, ",\n    \"missing\": ", snapshot->missing);
    add_flag(out, ",\n    \"same\": ", mtp_snapshot_holds(snapshot));
    add_flag(out, ",\n    \"analysis_file_changed\": ", snapshot->file_changed);
    add_text(out, ",\n    \"version_before\": ", snapshot->version_before);
    add_text(out, ",\n    \"version_after\": ", snapshot->version_after);
    add_number(out, ",\n    \"tolerance\": ", snapshot->tolerance);
    mtp_strbuf_add(out, ",\n    \"tables\": [");
    for (size_t i = 0; i < snapshot->n_tables; i++) {
        mtp_strbuf_add(out, i > 0 ? "," : "");
        add_table(out, &snapshot->tables[i]);
    }
    mtp_strbuf_add(out, "],\n    \"analyses\": [");
    for (size_t i = 0; i < snapshot->n_analyses; i++) {
        mtp_strbuf_add(out, i > 0 ? "," : "");
        add_analysis(out, &snapshot->analyses[i]);
    }
    mtp_strbuf_add(out, "]\n  }");
}
