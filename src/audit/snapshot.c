/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/snapshot.h"

#include "metapool/figure.h"
#include "metapool/version.h"

#include "audit/load_analyses.h"
#include "core/error.h"
#include "core/json_text.h"
#include "table/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void add_text(mtp_strbuf *out, const char *before, const char *text)
{
    mtp_strbuf_add(out, before);
    mtp_strbuf_add_json(out, text);
}

/* A row as a list of its cells. */
static void add_row(mtp_strbuf *out, const mtp_table *table, size_t row)
{
    mtp_strbuf_add_char(out, '[');
    for (size_t c = 0; c < mtp_table_columns(table); c++) {
        const mtp_column *column = mtp_table_column(table, c);

        add_text(out, c > 0 ? ", " : "", column->text[row]);
    }
    mtp_strbuf_add_char(out, ']');
}

static void add_hash(mtp_strbuf *out, const mtp_table *table, size_t row)
{
    char text[MTP_DIGEST_TEXT];
    mtp_digest digest;
    mtp_strbuf cells;

    mtp_strbuf_init(&cells);
    add_row(&cells, table, row);
    out->failed = out->failed || cells.failed;
    mtp_digest_init(&digest);
    mtp_digest_add(&digest, cells.text ? cells.text : "", cells.length);
    mtp_digest_end(&digest, text);
    mtp_strbuf_free(&cells);
    mtp_strbuf_printf(out, "\"%.*s\"", (int)MTP_SNAPSHOT_HASH, text);
}

static void add_rows(mtp_strbuf *out, const mtp_table *table, bool hashed)
{
    mtp_strbuf_add(out, "[");
    for (size_t row = 0; row < mtp_table_rows(table); row++) {
        mtp_strbuf_add(out, row > 0 ? ",\n      " : "\n      ");
        if (hashed) {
            add_hash(out, table, row);
        } else {
            add_row(out, table, row);
        }
    }
    mtp_strbuf_add(out, "]");
}

static void add_table(mtp_strbuf *out, const mtp_file_data *data,
                      const mtp_table *table)
{
    size_t columns = mtp_table_columns(table);
    bool hashed = mtp_table_rows(table) > MTP_SNAPSHOT_CELLS / (columns ? columns : 1);

    add_text(out, "    {\"name\": ", data->name);
    add_text(out, ", \"file\": ", data->file);
    add_text(out, ",\n     \"sha256\": ", mtp_table_sha256(table));
    mtp_strbuf_add(out, ",\n     \"columns\": [");
    for (size_t c = 0; c < columns; c++) {
        add_text(out, c > 0 ? ", " : "", mtp_table_column(table, c)->name);
    }
    mtp_strbuf_add(out, "],\n     \"rows\": ");
    if (hashed) {
        mtp_strbuf_add(out, "null,\n     \"row_hashes\": ");
        add_rows(out, table, true);
    } else {
        add_rows(out, table, false);
        mtp_strbuf_add(out, ",\n     \"row_hashes\": null");
    }
    mtp_strbuf_add(out, "}");
}

/* The first analysis that reads a table; NULL: none does. */
static const mtp_file_analysis *reader_of(const mtp_analysis_file *file,
                                          const mtp_file_data *data)
{
    for (size_t i = 0; i < file->n_analyses; i++) {
        if (!file->analyses[i].is_template && file->analyses[i].data == data) {
            return &file->analyses[i];
        }
    }
    return NULL;
}

static mtp_status add_tables(mtp_strbuf *out, const mtp_analysis_file *file,
                             mtp_workspace *workspace, mtp_problems *problems,
                             mtp_error *err)
{
    const char *separator = "\n";

    for (size_t i = 0; i < file->n_data; i++) {
        const mtp_file_analysis *reader = reader_of(file, &file->data[i]);
        const mtp_table *table = NULL;
        mtp_status status;

        if (!reader) {
            continue;
        }
        status = mtp_workspace_source_table(workspace, reader, &table, problems, err);
        if (status != MTP_OK) {
            return status;
        }
        mtp_strbuf_add(out, separator);
        add_table(out, &file->data[i], table);
        separator = ",\n";
    }
    return MTP_OK;
}

/* An option with all of its values, as one text. */
static void add_option(mtp_strbuf *out, size_t n, const mtp_file_option option[],
                       size_t i)
{
    mtp_strbuf value;

    for (size_t j = 0; j < i; j++) {
        if (strcmp(option[j].name, option[i].name) == 0) {
            return; /* was written there */
        }
    }
    mtp_strbuf_init(&value);
    mtp_strbuf_add(&value, option[i].value);
    for (size_t j = i + 1; j < n; j++) {
        if (strcmp(option[j].name, option[i].name) == 0) {
            mtp_strbuf_printf(&value, ", %s", option[j].value);
        }
    }
    add_text(out, ", ", option[i].name);
    add_text(out, ": ", value.failed ? "" : value.text);
    out->failed = out->failed || value.failed;
    mtp_strbuf_free(&value);
}

static void add_given(mtp_strbuf *out, const mtp_file_analysis *analysis)
{
    const mtp_file_data *data = analysis->data;

    add_text(out, "{\"command\": ", mtp_file_command_name(analysis));
    if (analysis->kind >= 0) {
        add_text(out,
                 ", \"kind\": ", mtp_figure_kind_id((mtp_figure_kind)analysis->kind));
    }
    add_text(out, ", \"data\": ", data->name);
    for (size_t i = 0; i < data->n_options; i++) {
        add_option(out, data->n_options, data->options, i);
    }
    for (size_t i = 0; i < analysis->n_options; i++) {
        add_option(out, analysis->n_options, analysis->options, i);
    }
    mtp_strbuf_add(out, "}");
}

/* Its result, or why it has none. */
static mtp_status add_analysis(mtp_strbuf *out, mtp_workspace *workspace,
                               const mtp_file_analysis *analysis, mtp_error *err)
{
    mtp_bundle *bundle = NULL;
    mtp_tree *tree = NULL;
    mtp_error failed = {0};
    mtp_status status = mtp_workspace_run(workspace, analysis, &bundle, NULL, &failed);

    if (status == MTP_OK) {
        status = mtp_workspace_tree(analysis, bundle, &tree, &failed);
    }
    mtp_bundle_free(bundle);
    if (status == MTP_E_NOMEM) {
        return mtp_fail_nomem(err);
    }
    add_text(out, "    {\"name\": ", analysis->name);
    mtp_strbuf_add(out, ",\n     \"given\": ");
    add_given(out, analysis);
    add_text(out, ",\n     \"error\": ", tree ? NULL : failed.message);
    mtp_strbuf_add(out, ",\n     \"result\": ");
    if (tree) {
        mtp_node_write(mtp_tree_root(tree), out);
    } else {
        mtp_strbuf_add(out, "null");
    }
    mtp_strbuf_add(out, "}");
    mtp_tree_free(tree);
    return MTP_OK;
}

static mtp_status add_all(mtp_strbuf *out, const mtp_analysis_file *file,
                          mtp_workspace *workspace, mtp_problems *problems,
                          mtp_error *err)
{
    const char *separator = "\n";
    mtp_status status;

    mtp_strbuf_add(out, "{\n  \"schema\": \"metapool.snapshot/1\",\n"
                        "  \"metapool_version\": \"" MTP_VERSION "\"");
    add_text(out, ",\n  \"file\": ", file->path + strlen(file->folder));
    add_text(out, ",\n  \"sha256\": ", file->sha256);
    mtp_strbuf_add(out, ",\n  \"tables\": [");
    status = add_tables(out, file, workspace, problems, err);
    mtp_strbuf_add(out, "\n  ],\n  \"analyses\": [");
    for (size_t i = 0; status == MTP_OK && i < file->n_analyses; i++) {
        if (!file->analyses[i].is_template) {
            mtp_strbuf_add(out, separator);
            status = add_analysis(out, workspace, &file->analyses[i], err);
            separator = ",\n";
        }
    }
    mtp_strbuf_add(out, "\n  ]\n}\n");
    return status;
}

/* Take ownership of the text, and read it. */
static mtp_status keep(char *text, size_t length, mtp_snapshot **snapshot,
                       mtp_error *err)
{
    mtp_snapshot *made = calloc(1, sizeof *made);
    mtp_status status =
        made ? mtp_tree_of_text(text, length, &made->tree, err) : mtp_fail_nomem(err);

    if (status != MTP_OK) {
        free(made);
        free(text);
        return status;
    }
    made->text = text;
    made->length = length;
    *snapshot = made;
    return MTP_OK;
}

mtp_status mtp_snapshot_take(const mtp_analysis_file *file, mtp_snapshot **snapshot,
                             mtp_problems *problems, mtp_error *err)
{
    mtp_workspace *workspace = NULL;
    mtp_status status;
    mtp_strbuf out;
    size_t length = 0;
    char *text;

    assert(file && snapshot);
    status = mtp_workspace_new(file, &workspace, err);
    if (status != MTP_OK) {
        return status;
    }
    mtp_strbuf_init(&out);
    status = add_all(&out, file, workspace, problems, err);
    mtp_workspace_free(workspace);
    text = mtp_strbuf_take(&out, &length);
    if (status == MTP_OK && !text) {
        status = mtp_fail_nomem(err);
    }
    if (status != MTP_OK) {
        free(text);
        return status;
    }
    return keep(text, length, snapshot, err);
}

static mtp_status not_a_snapshot(const char *source, const char *what, mtp_error *err)
{
    return mtp_fail_at(err, MTP_E_DATA, source, 0, NULL,
                       "%s; a snapshot that metapool verify --snapshot wrote is wanted",
                       what);
}

/* A list whose members have texts of these names. */
static bool is_list(mtp_node *list, const char *const names[])
{
    if (mtp_node_value(list).kind != MTP_FOUND_LIST) {
        return false;
    }
    for (size_t i = 0; i < mtp_node_count(list); i++) {
        for (size_t n = 0; names[n]; n++) {
            if (!mtp_node_text(mtp_node_get(mtp_node_at(list, i), names[n]))) {
                return false;
            }
        }
    }
    return true;
}

static mtp_status check(mtp_node *root, const char *source, mtp_error *err)
{
    static const char *const of_table[] = {"name", "file", "sha256", NULL},
                             *const of_analysis[] = {"name", NULL};
    const char *schema = mtp_node_text(mtp_node_get(root, "schema"));

    if (!schema || strncmp(schema, "metapool.snapshot/", 18) != 0) {
        return not_a_snapshot(source, "this is JSON, but no snapshot", err);
    }
    if (strcmp(schema, "metapool.snapshot/1") != 0) {
        return not_a_snapshot(source, "a newer metapool wrote this snapshot", err);
    }
    if (!mtp_node_text(mtp_node_get(root, "metapool_version")) ||
        !mtp_node_text(mtp_node_get(root, "sha256")) ||
        !is_list(mtp_node_get(root, "tables"), of_table) ||
        !is_list(mtp_node_get(root, "analyses"), of_analysis)) {
        return not_a_snapshot(source, "parts of this snapshot are missing", err);
    }
    return MTP_OK;
}

mtp_status mtp_snapshot_parse(const char *source, const char *bytes, size_t length,
                              mtp_snapshot **snapshot, mtp_error *err)
{
    char *text = malloc(length + 1);
    mtp_snapshot *made = NULL;
    mtp_status status;

    assert(source && bytes && snapshot);
    if (!text) {
        return mtp_fail_nomem(err);
    }
    memcpy(text, bytes, length);
    text[length] = '\0';
    status = keep(text, length, &made, err);
    if (status == MTP_E_SYNTAX && err) {
        mtp_copy_text(err->source, sizeof err->source, source);
    }
    if (status == MTP_OK) {
        status = check(mtp_tree_root(made->tree), source, err);
    }
    if (status != MTP_OK) {
        mtp_snapshot_free(made);
        return status;
    }
    *snapshot = made;
    return MTP_OK;
}

const char *mtp_snapshot_text(const mtp_snapshot *snapshot, size_t *length)
{
    if (length) {
        *length = snapshot->length;
    }
    return snapshot->text;
}

void mtp_snapshot_free(mtp_snapshot *snapshot)
{
    if (snapshot) {
        mtp_tree_free(snapshot->tree);
        free(snapshot->text);
        free(snapshot);
    }
}

mtp_node *mtp_snapshot_named(mtp_node *list, const char *name)
{
    for (size_t i = 0; i < mtp_node_count(list); i++) {
        mtp_node *item = mtp_node_at(list, i);
        const char *has = mtp_node_text(mtp_node_get(item, "name"));

        if (has && strcmp(has, name) == 0) {
            return item;
        }
    }
    return NULL;
}
