/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of claims: one for each row that it keeps and each of its entries. */
#include "audit/judge.h"
#include "audit/loader.h"
#include "core/number.h"
#include "core/strbuf.h"

#include <math.h>
#include <string.h>

typedef struct work {
    mtp_loader *loader;
    const mtp_claim_keys *keys;
    const mtp_table *table;
    const char *name; /* of the table, as written */
    const char **columns;
    bool rows_known; /* and whatever all rows have in common is right */
    mtp_claim_list *list;
} work;

/* A cell as written, without the blanks around it; NULL where it is missing. */
static const char *cell(const work *w, const mtp_column *column, size_t row)
{
    const char *text = column->text[row];
    size_t length = text ? strlen(text) : 0;

    if (!text) {
        return NULL;
    }
    text = mtp_number_trim(text, &length);
    return length > 0 ? mtp_loader_check(w->loader, mtp_arena_strndup(w->loader->arena,
                                                                      text, length))
                      : NULL;
}

static const mtp_column *find_column(const work *w, mtp_place place, const char *name)
{
    const mtp_column *column = mtp_table_find(w->table, name);

    if (!column) {
        mtp_loader_complain(w->loader, place, "%s has no column '%s'%s", w->name, name,
                            mtp_loader_suggest(w->loader, name, w->columns));
    }
    return column;
}

/* The column whose name stands in braces from `at`, which is behind the first one, and
 * what follows them. */
static const mtp_column *named_column(const work *w, mtp_place place, const char **at)
{
    const char *from = *at, *end = strchr(from, '}');
    const char *name = mtp_loader_check(
        w->loader, mtp_arena_strndup(w->loader->arena, from, (size_t)(end - from)));

    *at = end + 1;
    return name ? find_column(w, place, name) : NULL;
}

/* The next brace that begins the name of a column, behind it; NULL: there is none. */
static const char *next_name(const char *at)
{
    for (at = strchr(at, '{'); at && at[1] == '{'; at = strchr(at + 2, '{')) {
    }
    return at ? at + 1 : NULL;
}

/* Every column that a pattern names exists; what does not is told, once for all rows.
 */
static void check_pattern(const work *w, const mtp_yaml *node)
{
    const char *at = node ? next_name(node->text) : NULL;

    while (at && strchr(at, '}')) {
        (void)named_column(w, node->place, &at);
        at = next_name(at);
    }
    if (at) {
        mtp_loader_complain(w->loader, node->place,
                            "'{' begins the name of a column, which no '}' ends ({{ "
                            "stands for itself)");
    }
}

static void check_patterns(const work *w, const mtp_claim_keys *keys)
{
    check_pattern(w, keys->id);
    check_pattern(w, keys->analysis);
    check_pattern(w, keys->quantity);
    check_pattern(w, keys->where);
    check_pattern(w, keys->expected);
}

/* A text that was checked, with {column} filled in; NULL for NULL and for one that is
 * blank then. */
static const char *expand(const work *w, const mtp_yaml *node, size_t row)
{
    const char *at = mtp_loader_text(w->loader, node), *made = NULL;
    mtp_strbuf out;

    mtp_strbuf_init(&out);
    while (at && *at) {
        size_t plain = strcspn(at, "{");

        mtp_strbuf_add_bytes(&out, at, plain);
        at += plain;
        if (at[0] == '{' && at[1] == '{') {
            mtp_strbuf_add_char(&out, '{');
            at += 2;
        } else if (*at == '{') {
            const mtp_column *column;
            const char *text;

            at++;
            column = named_column(w, node->place, &at);
            text = column ? cell(w, column, row) : NULL;
            mtp_strbuf_add(&out, text ? text : "");
        }
    }
    if (out.failed) {
        mtp_loader_check(w->loader, NULL);
    } else if (at) {
        size_t length = out.length;
        const char *text = mtp_number_trim(out.text, &length);

        made = length > 0
                   ? mtp_loader_check(w->loader,
                                      mtp_arena_strndup(w->loader->arena, text, length))
                   : NULL;
    }
    mtp_strbuf_free(&out);
    return made;
}

/* The id of the row, and the column: each entry has its own. */
static const char *make_id(const work *w, const mtp_claim_keys *entry,
                           const mtp_claim *claim, const char *column, size_t row)
{
    const char *id = expand(w, entry->id, row);
    const char *of_row = id ? NULL : expand(w, w->keys->id, row);

    if (id) {
        return id;
    }
    if (of_row) {
        return mtp_loader_check(
            w->loader, mtp_arena_printf(w->loader->arena, "%s %s", of_row, column));
    }
    return claim->analysis
               ? mtp_loader_check(w->loader, mtp_arena_printf(w->loader->arena, "%s %s",
                                                              claim->analysis->name,
                                                              claim->quantity))
               : NULL;
}

static const mtp_yaml *either(const mtp_yaml *own, const mtp_yaml *common)
{
    return own ? own : common;
}

static void add_claim(const work *w, const mtp_yaml *node, const mtp_claim_keys *entry,
                      const mtp_column *column, size_t row)
{
    mtp_loader *loader = w->loader;
    const mtp_yaml *analysis = either(entry->analysis, w->keys->analysis);
    const char *printed = cell(w, column, row), *name;
    size_t before = loader->problems.count;
    mtp_printed figure;
    mtp_claim *claim =
        printed ? mtp_loader_add_claim(loader, w->list, node->place) : NULL;

    if (!claim) {
        return;
    }
    claim->printed = printed;
    claim->table = w->name;
    claim->row = row + 1;
    claim->quantity = expand(w, entry->quantity, row);
    claim->where = expand(w, either(entry->where, w->keys->where), row);
    claim->expected = expand(w, entry->expected, row);
    mtp_loader_judged(loader, entry, claim);
    if (!mtp_printed_read(printed, &figure)) {
        mtp_loader_complain(loader, node->place,
                            "row %zu of %s: '%s' in column '%s' is no printed "
                            "figure: " MTP_PRINTED_FORM,
                            row + 1, w->name, printed, column->name);
    }
    name = expand(w, analysis, row);
    if (claim->quantity) {
        mtp_loader_check_quantity(loader, entry->quantity->place, claim->quantity);
    }
    if (name) {
        claim->analysis = mtp_loader_find_analysis(loader, analysis->place, name);
    }
    if (loader->problems.count == before && !loader->no_memory &&
        (!name || !claim->quantity)) {
        mtp_loader_complain(loader, node->place, "row %zu of %s gives no %s", row + 1,
                            w->name, name ? "quantity" : "analysis");
    }
    if (loader->problems.count == before) {
        claim->id = make_id(w, entry, claim, column->name, row);
    }
}

static void take_entry(const work *w, const mtp_yaml *node, const double kept[])
{
    mtp_claim_keys k = {0};
    const mtp_key keys[] = {
        {"id", MTP_WANT_TEXT, false, &k.id},
        {"analysis", MTP_WANT_TEXT, false, &k.analysis},
        {"quantity", MTP_WANT_TEXT, true, &k.quantity},
        {"column", MTP_WANT_TEXT, true, &k.column},
        MTP_JUDGED_KEYS(k),
    };
    size_t before = w->loader->problems.count, made = w->list->count;
    const mtp_column *column;

    if (!mtp_loader_keys(w->loader, node, "an entry of a table of claims",
                         sizeof keys / sizeof *keys, keys)) {
        return;
    }
    if (!k.analysis && !w->keys->analysis) {
        mtp_loader_complain(w->loader, node->place,
                            "neither this entry nor its table of claims names an "
                            "'analysis'");
    }
    column = k.column ? find_column(w, k.column->place, k.column->text) : NULL;
    check_patterns(w, &k);
    for (size_t row = 0; column && w->rows_known && row < mtp_table_rows(w->table);
         row++) {
        /* What is wrong with one row is most often wrong with all: once is enough. */
        if (w->loader->problems.count > before || w->loader->no_memory) {
            return;
        }
        if (!kept || kept[row] != 0.0) {
            add_claim(w, node, &k, column, row);
        }
    }
    if (column && w->rows_known && w->list->count == made &&
        w->loader->problems.count == before) {
        mtp_loader_complain(w->loader, k.column->place,
                            "column '%s' is empty in every row that is kept",
                            column->name);
    }
}

/* A table of claims that claims nothing is a mistake. */
static bool keeps_any(const work *w, size_t n, const double kept[])
{
    for (size_t i = 0; i < n; i++) {
        if (kept[i] != 0.0) {
            return true;
        }
    }
    mtp_loader_complain(w->loader, w->keys->rows->place, "'rows' keeps no row of %s",
                        w->name);
    return false;
}

/* Whether each row is kept; NULL in *kept for all of them. False, and told. */
static bool keep_rows(const work *w, const double **kept)
{
    const mtp_yaml *rows = w->keys->rows;
    mtp_values *values = NULL;
    mtp_error err;
    size_t n = mtp_table_rows(w->table);
    double *keep;

    *kept = NULL;
    if (!rows) {
        return true;
    }
    if (mtp_table_evaluate(w->table, rows->text, &values, &err) != MTP_OK) {
        err.source[0] = '\0'; /* it is the analysis file that is wrong */
        mtp_loader_pass_on(w->loader, rows->place, "'rows': ", &err);
        return false;
    }
    keep = MTP_LOADER_ARRAY(w->loader, n, double);
    for (size_t i = 0; keep && i < n; i++) {
        const mtp_column *column = mtp_values_column(values);

        keep[i] = column->number && !column->missing[i] ? column->number[i] : 0.0;
    }
    mtp_values_free(values);
    *kept = keep;
    return keep && keeps_any(w, n, keep);
}

static void take_rows(work *w)
{
    size_t n = mtp_table_columns(w->table);
    const double *kept = NULL;
    size_t before;

    w->columns = MTP_LOADER_ARRAY(w->loader, n + 1, const char *);
    for (size_t i = 0; w->columns && i < n; i++) {
        w->columns[i] = mtp_table_column(w->table, i)->name;
    }
    if (w->keys->claims->count == 0) {
        mtp_loader_complain(w->loader, w->keys->claims->place, "'claims' is empty");
    }
    if (!w->columns) {
        return;
    }
    before = w->loader->problems.count;
    check_patterns(w, w->keys);
    w->rows_known = keep_rows(w, &kept) && w->loader->problems.count == before;
    for (const mtp_yaml *item = w->keys->claims->first; item; item = item->next) {
        take_entry(w, item, kept);
    }
}

/* A table with another SHA-256 is told. */
static void check_sha256(const work *w)
{
    const char *wanted = mtp_loader_sha256(w->loader, w->keys->sha256);

    if (wanted && strcmp(wanted, mtp_table_sha256(w->table)) != 0) {
        mtp_loader_complain(
            w->loader, w->keys->sha256->place,
            "%s has the SHA-256 %s, not %s: it is not the file that the "
            "claims were made for",
            w->name, mtp_table_sha256(w->table), wanted);
    }
}

void mtp_loader_claim_table(mtp_loader *loader, const mtp_claim_keys *keys,
                            mtp_claim_list *list)
{
    work w = {.loader = loader, .keys = keys, .name = keys->table->text, .list = list};
    mtp_table *table = NULL;
    const char *path;
    mtp_error err;

    if (!mtp_loader_check_file(loader, keys->table)) {
        return;
    }
    path = mtp_loader_path(loader, keys->table->text);
    if (!path) {
        return;
    }
    if (mtp_table_read_csv(path, NULL, &table, NULL, &err) != MTP_OK) {
        /* Without a line it is about the file, not about what stands in it. */
        if (err.line == 0 && err.status != MTP_E_NOMEM) {
            mtp_loader_complain(loader, keys->table->place, "'table': %s: %s", w.name,
                                err.message);
        } else {
            mtp_loader_pass_on(loader, keys->table->place, "", &err);
        }
        return;
    }
    w.table = table;
    check_sha256(&w);
    take_rows(&w);
    mtp_table_free(table);
}
