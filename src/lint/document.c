/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result as a document, and as JSON. */
#include "report/document.h"

#include "metapool/version.h"

#include "core/error.h"
#include "lint/rules.h"
#include "report/json.h"
#include "report/writers.h"
#include "table/collector.h"
#include "text/display.h"

#include <assert.h>
#include <string.h>

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static size_t count_status(const mtp_lint_result *r, mtp_lint_status status)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_rules; i++) {
        n += r->status[i] == status;
    }
    return n;
}

static void add_entries(mtp_document *doc, const mtp_lint_result *r)
{
    size_t ignored = count_status(r, MTP_LINT_IGNORED);
    size_t idle = count_status(r, MTP_LINT_NOT_APPLICABLE);

    mtp_doc_entries(doc);
    mtp_doc_entry(doc, "Data");
    mtp_doc_text(doc, "%s: %zu row%s, %zu column%s", r->source, r->rows,
                 plural(r->rows), r->columns, plural(r->columns));
    if (r->measure) {
        mtp_doc_entry(doc, "Measure");
        mtp_doc_text(doc, "%s (%s)", r->measure->name, r->measure->code);
    }
    mtp_doc_entry(doc, "Rules");
    mtp_doc_text(doc, "%zu of %zu had something to look at",
                 r->n_rules - ignored - idle, r->n_rules);
    if (ignored > 0) {
        mtp_doc_text(doc, ", %zu ignored", ignored);
    }
    if (!r->measure) {
        mtp_doc_text(doc, "; those on effects, counts and intervals need --measure and "
                          "its columns, as pool takes them");
    }
    mtp_doc_entry(doc, "Found");
    mtp_doc_text(doc, "%zu error%s, %zu warning%s, %zu remark%s",
                 r->count[MTP_LINT_ERROR], plural(r->count[MTP_LINT_ERROR]),
                 r->count[MTP_LINT_WARNING], plural(r->count[MTP_LINT_WARNING]),
                 r->count[MTP_LINT_INFO], plural(r->count[MTP_LINT_INFO]));
}

/* "line 3 (Smith 2001), column n_t: ". */
static void add_place(mtp_document *doc, const mtp_lint_finding *f)
{
    const char *joint = "";
    char name[MTP_EXCERPT];

    if (f->row > 0) {
        mtp_doc_text(doc, "%s %zu", f->line ? "line" : "row",
                     f->line ? f->line : f->row);
        joint = ", ";
    }
    if (f->study && f->study[0]) {
        mtp_doc_text(doc, " (%s)", mtp_excerpt(f->study, strlen(f->study), name));
    }
    if (f->column) {
        mtp_doc_text(doc, "%scolumn %s", joint,
                     mtp_excerpt(f->column, strlen(f->column), name));
        joint = ", ";
    }
    if (*joint) {
        mtp_doc_text(doc, ": ");
    }
}

/* The findings of one rule, from the first of them on; returns the next one. */
static size_t add_rule(mtp_document *doc, const mtp_lint_result *r, size_t first)
{
    const mtp_lint_rule *rule = r->finding[first].rule;
    size_t i = first, listed, found = 0;

    mtp_doc_heading(doc, "%s %s (%s)", rule->id, rule->name,
                    mtp_lint_severity_id(rule->severity));
    mtp_doc_notes(doc);
    for (; i < r->n_findings && r->finding[i].rule == rule; i++) {
        mtp_doc_entry(doc, NULL);
        add_place(doc, &r->finding[i]);
        mtp_doc_add(doc, mtp_doc_cell_text(r->finding[i].evidence));
    }
    listed = i - first;
    for (size_t k = 0; k < r->n_rules; k++) {
        found = mtp_lint_rule_get(k) == rule ? r->found[k] : found;
    }
    mtp_doc_paragraph(doc);
    if (found > listed) {
        mtp_doc_text(doc, "And %zu more. ", found - listed);
    }
    mtp_doc_text(doc, "%s %s", rule->reason, rule->remedy);
    if (*rule->source) {
        mtp_doc_text(doc, " Source: %s.", rule->source);
    }
    return i;
}

static void build(mtp_document *doc, const mtp_lint_result *r)
{
    mtp_doc_title(doc, "Doubts about %s", r->source);
    add_entries(doc, r);
    for (size_t i = 0; i < r->n_findings;) {
        i = add_rule(doc, r, i);
    }
    if (r->n_findings == 0) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "Nothing was found.");
    }
}

/* A name from the table, for a spreadsheet: no control characters, and an apostrophe
 * before what one would take for a formula. */
static mtp_doc_cell inert(mtp_document *doc, const char *name)
{
    const char *copy = NULL;
    mtp_strbuf clean;

    if (!name) {
        return mtp_doc_cell_text(NULL);
    }
    mtp_strbuf_init(&clean);
    mtp_strbuf_add(&clean, *name && strchr("=+-@\t\r", *name) ? "'" : "");
    mtp_display_add(&clean, name);
    copy = clean.failed ? NULL : mtp_arena_strdup(doc->arena, clean.text);
    doc->failed = doc->failed || !copy;
    mtp_strbuf_free(&clean);
    return mtp_doc_cell_text(copy);
}

/* A row of CSV for each finding. */
static void build_csv(mtp_document *doc, const mtp_lint_result *r)
{
    static const mtp_doc_column columns[] = {{"rule", "rule", true, 0},
                                             {"name", "name", true, 0},
                                             {"severity", "severity", true, 0},
                                             {"row", "row", false, 0},
                                             {"line", "line", false, 0},
                                             {"other_row", "other row", false, 0},
                                             {"other_line", "other line", false, 0},
                                             {"column", "column", true, 0},
                                             {"study", "study", true, 0},
                                             {"count", "count", false, 0},
                                             {"evidence", "evidence", true, 0},
                                             {"reason", "reason", true, 0},
                                             {"remedy", "remedy", true, 0}};

    mtp_doc_table(doc, sizeof columns / sizeof *columns, columns);
    for (size_t i = 0; i < r->n_findings; i++) {
        const mtp_lint_finding *f = &r->finding[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);
        const size_t place[] = {f->row, f->line, f->other_row, f->other_line};

        cell[0] = mtp_doc_cell_text(f->rule->id);
        cell[1] = mtp_doc_cell_text(f->rule->name);
        cell[2] = mtp_doc_cell_text(mtp_lint_severity_id(f->rule->severity));
        for (size_t k = 0; k < 4; k++) {
            if (place[k] > 0) {
                cell[3 + k] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)place[k]);
            }
        }
        cell[7] = inert(doc, f->column);
        cell[8] = inert(doc, f->study);
        cell[9] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)f->count);
        cell[10] = mtp_doc_cell_text(f->evidence);
        cell[11] = mtp_doc_cell_text(f->rule->reason);
        cell[12] = mtp_doc_cell_text(f->rule->remedy);
    }
}

static void put_place(mtp_json *j, json_t *o, const char *key, size_t place)
{
    mtp_json_put(j, o, key,
                 place ? mtp_json_number(j, (double)place) : mtp_json_text(j, NULL));
}

static json_t *finding(mtp_json *j, const mtp_lint_finding *f)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "rule", f->rule->id);
    mtp_json_put_text(j, o, "name", f->rule->name);
    mtp_json_put_text(j, o, "severity", mtp_lint_severity_id(f->rule->severity));
    put_place(j, o, "row", f->row);
    put_place(j, o, "line", f->line);
    put_place(j, o, "other_row", f->other_row);
    put_place(j, o, "other_line", f->other_line);
    mtp_json_put_text(j, o, "column", f->column);
    mtp_json_put_text(j, o, "study", f->study);
    mtp_json_put_count(j, o, "count", f->count);
    mtp_json_put_text(j, o, "evidence", f->evidence);
    mtp_json_put_text(j, o, "reason", f->rule->reason);
    mtp_json_put_text(j, o, "remedy", f->rule->remedy);
    return o;
}

static json_t *summary(mtp_json *j, const mtp_lint_result *r)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_count(j, o, "errors", r->count[MTP_LINT_ERROR]);
    mtp_json_put_count(j, o, "warnings", r->count[MTP_LINT_WARNING]);
    mtp_json_put_count(j, o, "infos", r->count[MTP_LINT_INFO]);
    mtp_json_put_text(j, o, "fail_on",
                      r->never ? "never" : mtp_lint_severity_id(r->fail_on));
    mtp_json_put(j, o, "failed", mtp_json_flag(j, r->failed));
    return o;
}

static json_t *rules(mtp_json *j, const mtp_lint_result *r)
{
    json_t *list = mtp_json_array(j);

    for (size_t i = 0; i < r->n_rules; i++) {
        const mtp_lint_rule *rule = mtp_lint_rule_get(i);
        json_t *o = mtp_json_object(j);

        mtp_json_put_text(j, o, "rule", rule->id);
        mtp_json_put_text(j, o, "name", rule->name);
        mtp_json_put_text(j, o, "severity", mtp_lint_severity_id(rule->severity));
        mtp_json_put_text(j, o, "status", mtp_lint_status_id(r->status[i]));
        mtp_json_put_count(j, o, "findings", r->found[i]);
        mtp_json_append(j, list, o);
    }
    return list;
}

static json_t *data(mtp_json *j, const mtp_lint_result *r)
{
    json_t *o = mtp_json_object(j);

    mtp_json_put_text(j, o, "source", r->source);
    mtp_json_put_text(j, o, "sha256", r->sha256);
    mtp_json_put_count(j, o, "rows", r->rows);
    mtp_json_put_count(j, o, "columns", r->columns);
    return o;
}

static void write_json(const mtp_lint_result *r, mtp_strbuf *out)
{
    mtp_json j = {false, false};
    json_t *root = mtp_json_object(&j), *list = mtp_json_array(&j);

    mtp_json_put_text(&j, root, "schema", "metapool.lint/1");
    mtp_json_put_text(&j, root, "metapool_version", mtp_version());
    mtp_json_put(&j, root, "options", mtp_json_options(&j, r->n_options, r->options));
    mtp_json_put(&j, root, "data", data(&j, r));
    mtp_json_put_text(&j, root, "measure", r->measure ? r->measure->code : NULL);
    mtp_json_put(&j, root, "summary", summary(&j, r));
    for (size_t i = 0; i < r->n_findings; i++) {
        mtp_json_append(&j, list, finding(&j, &r->finding[i]));
    }
    mtp_json_put(&j, root, "findings", list);
    mtp_json_put(&j, root, "rules", rules(&j, r));
    if (j.failed) {
        out->failed = true;
    } else {
        mtp_json_write(root, out);
    }
    json_decref(root);
}

static void write_document(const mtp_lint_result *r, mtp_format format,
                           const mtp_report_options *given, mtp_strbuf *out)
{
    mtp_report_options options;
    mtp_arena *arena = mtp_arena_new();
    mtp_document doc;

    mtp_report_options_init(&options, sizeof options);
    if (given) {
        memcpy(&options, given,
               given->size < sizeof options ? given->size : sizeof options);
    }
    if (!arena) {
        out->failed = true;
        return;
    }
    mtp_doc_init(&doc, arena);
    if (format == MTP_FORMAT_CSV) {
        build_csv(&doc, r);
    } else {
        build(&doc, r);
    }
    if (doc.failed) {
        out->failed = true;
    } else if (format == MTP_FORMAT_CSV) {
        mtp_write_csv(&doc, out);
    } else if (format == MTP_FORMAT_MARKDOWN) {
        mtp_write_markdown(&doc, &options, out);
    } else if (format == MTP_FORMAT_HTML) {
        mtp_write_html(&doc, &options, out);
    } else {
        mtp_write_text(&doc, &options, out);
    }
    mtp_arena_free(arena);
}

mtp_status mtp_lint_report(const mtp_lint_result *result, mtp_format format,
                           const mtp_report_options *options, char **text,
                           size_t *length, mtp_error *err)
{
    mtp_strbuf out;
    char *bytes;

    assert(result && text);
    mtp_strbuf_init(&out);
    if (format == MTP_FORMAT_JSON) {
        write_json(result, &out);
    } else {
        write_document(result, format, options, &out);
    }
    bytes = mtp_strbuf_take(&out, length);
    if (!bytes) {
        return mtp_fail_nomem(err);
    }
    *text = bytes;
    return MTP_OK;
}
