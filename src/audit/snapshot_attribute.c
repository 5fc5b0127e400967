/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Differences of figures, attributed to the rows that changed: each changed row alone
 * goes into the old table, and the analysis is run again. */
#include "audit/snapshot.h"
#include "core/error.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

enum { FIGURES = 12, FALLBACK = 3 };

/* The figures that matter, in this order; an asterisk is one element of a list. */
static const char *const main_figures[] = {
    "overall.random.estimate", "overall.common.estimate",  "overall.heterogeneity.tau2",
    "heterogeneity.tau2",      "coefficients[*].estimate", "groups[*].random.estimate",
};

enum { MAIN = sizeof main_figures / sizeof *main_figures };

static bool fits(const char *path, const char *pattern)
{
    const char *star = strchr(pattern, '*');
    size_t before, after, length = strlen(path);

    if (!star) {
        return strcmp(path, pattern) == 0;
    }
    before = (size_t)(star - pattern);
    after = strlen(star + 1);
    return length > before + after && memcmp(path, pattern, before) == 0 &&
           strcmp(path + length - after, star + 1) == 0;
}

/* Main figures that changed, else the numbers that changed most. */
static size_t choose(const mtp_analysis_change *change,
                     const mtp_difference *chosen[FIGURES])
{
    size_t n = 0;

    for (size_t m = 0; m < MAIN; m++) {
        for (size_t i = 0; i < change->n_differences && n < FIGURES; i++) {
            if (change->differences[i].kind == MTP_DIFFERENCE_NUMBER &&
                fits(change->differences[i].path, main_figures[m])) {
                chosen[n++] = &change->differences[i];
            }
        }
    }
    if (n > 0) {
        return n;
    }
    while (n < FALLBACK && n < change->n_differences &&
           change->differences[n].kind == MTP_DIFFERENCE_NUMBER) {
        chosen[n] = &change->differences[n];
        n++;
    }
    return n;
}

static void add_cell(mtp_strbuf *out, const char *cell, char separator)
{
    mtp_strbuf_add_char(out, '"');
    for (; cell && *cell; cell++) {
        if (*cell == '"') {
            mtp_strbuf_add_char(out, '"');
        }
        mtp_strbuf_add_char(out, *cell);
    }
    mtp_strbuf_add_char(out, '"');
    mtp_strbuf_add_char(out, separator);
}

/* A row of a grid as the columns of another want it. */
static void add_row(mtp_strbuf *out, const mtp_grid *header, const mtp_grid *grid,
                    size_t row, char delimiter)
{
    for (size_t c = 0; c < header->columns; c++) {
        const char *cell = NULL;

        for (size_t k = 0; k < grid->columns; k++) {
            if (strcmp(grid->name[k], header->name[c]) == 0) {
                cell = MTP_GRID_CELL(grid, row, k);
            }
        }
        add_cell(out, cell, c + 1 < header->columns ? delimiter : '\n');
    }
}

/* What an analysis is attributed with. */
typedef struct job {
    mtp_comparing *c;
    const mtp_file_analysis *analysis;
    const mtp_grid *before, *after;
    char decimal;
} job;

/* The old table as CSV, with one changed row; NULL: without. */
static void write_table(const job *j, const mtp_row_change *changed, mtp_strbuf *out)
{
    char delimiter = j->decimal == ',' ? ';' : ',';
    bool added = changed && changed->change == MTP_CHANGE_NEW, done = !added;

    for (size_t c = 0; c < j->before->columns; c++) {
        add_cell(out, j->before->name[c],
                 c + 1 < j->before->columns ? delimiter : '\n');
    }
    for (size_t r = 0; r <= j->before->rows; r++) {
        bool here = changed && !added && changed->row_before == r + 1;

        if (!done && (r + 1 == changed->row_after || r == j->before->rows)) {
            add_row(out, j->before, j->after, changed->row_after - 1, delimiter);
            done = true;
        }
        if (r == j->before->rows) {
            break;
        }
        if (!here) {
            add_row(out, j->before, j->before, r, delimiter);
        } else if (changed->change == MTP_CHANGE_CHANGED) {
            add_row(out, j->before, j->after, changed->row_after - 1, delimiter);
        }
    }
}

static mtp_status make_table(const job *j, const mtp_row_change *changed,
                             mtp_table **table, mtp_error *err)
{
    mtp_table_options options;
    mtp_strbuf out;
    mtp_status status;

    mtp_table_options_init(&options, sizeof options);
    options.decimal = j->decimal;
    options.delimiter = j->decimal == ',' ? ';' : ',';
    mtp_strbuf_init(&out);
    write_table(j, changed, &out);
    status = out.failed ? mtp_fail_nomem(err)
                        : mtp_table_parse_csv(j->analysis->data->file, out.text,
                                              out.length, &options, table, NULL, err);
    mtp_strbuf_free(&out);
    return status;
}

/* The figures with one changed row; NaN where there is none. */
static mtp_status run(const job *j, const mtp_row_change *changed, size_t n,
                      const mtp_difference *const figure[], double value[],
                      mtp_error *err)
{
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    mtp_tree *tree = NULL;
    mtp_status status = make_table(j, changed, &table, err);

    if (status == MTP_OK) {
        status = mtp_workspace_run_table(j->analysis, table, &bundle, err);
    }
    if (status == MTP_OK) {
        status = mtp_workspace_tree(j->analysis, bundle, &tree, err);
    }
    for (size_t i = 0; i < n; i++) {
        mtp_found found;

        value[i] = tree && mtp_tree_find(tree, figure[i]->path, &found, NULL) == MTP_OK
                       ? found.number
                       : (double)NAN;
    }
    mtp_tree_free(tree);
    mtp_bundle_free(bundle);
    mtp_table_free(table);
    return status;
}

static mtp_status fill(const job *j, const mtp_table_change *table, size_t n,
                       const mtp_difference *const figure[],
                       mtp_attribution attribution[], double row[], mtp_error *err)
{
    double old[FIGURES], value[FIGURES];

    for (size_t i = 0; i < n; i++) {
        old[i] = attribution[i].before + attribution[i].itself;
        attribution[i].rest = attribution[i].after - old[i];
    }
    for (size_t r = 0; r < table->n_rows; r++) {
        if (run(j, &table->rows[r], n, figure, value, err) == MTP_E_NOMEM) {
            return MTP_E_NOMEM;
        }
        for (size_t i = 0; i < n; i++) {
            row[i * table->n_rows + r] = value[i] - old[i];
            attribution[i].rest -= value[i] - old[i];
        }
    }
    return MTP_OK;
}

static mtp_status attribute(const job *j, const mtp_table_change *table,
                            mtp_analysis_change *change, mtp_error *err)
{
    mtp_arena *arena = j->c->arena;
    const mtp_difference *figure[FIGURES];
    size_t n = choose(change, figure);
    mtp_attribution *made = MTP_ARENA_ARRAY(arena, n, mtp_attribution);
    double *row = mtp_arena_alloc(arena, n * table->n_rows, sizeof *row);
    double old[FIGURES];
    mtp_error failed = {0};
    mtp_status status;

    if (!made || !row) {
        return mtp_fail_nomem(err);
    }
    if (n == 0) {
        return MTP_OK;
    }
    status = run(j, NULL, n, figure, old, &failed);
    if (status == MTP_E_NOMEM) {
        return mtp_fail_nomem(err);
    }
    if (status != MTP_OK) {
        change->note = mtp_arena_printf(
            arena, "nothing is attributed: with the old table the analysis fails: %s",
            failed.message);
        return change->note ? MTP_OK : mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        bool same =
            mtp_snapshot_near(j->c->options.tolerance, old[i], figure[i]->number[0]);

        made[i] = (mtp_attribution){
            .path = figure[i]->path,
            .before = figure[i]->number[0],
            .after = figure[i]->number[1],
            .itself = same ? 0.0 : old[i] - figure[i]->number[0],
            .n = table->n_rows,
            .row = row + i * table->n_rows,
        };
    }
    change->n_attributions = n;
    change->attributions = made;
    status = fill(j, table, n, figure, made, row, &failed);
    return status == MTP_OK ? MTP_OK : mtp_fail_nomem(err);
}

/* Whether an analysis reads its table like the one whose reading the snapshot has. */
static mtp_status read_alike(mtp_comparing *c, const mtp_file_analysis *analysis,
                             const mtp_table **table, bool *alike, mtp_error *err)
{
    mtp_status status =
        mtp_workspace_source_table(c->workspace, analysis, table, NULL, err);

    for (size_t i = 0; status == MTP_OK && i < c->file->n_analyses; i++) {
        const mtp_file_analysis *first = &c->file->analyses[i];
        const mtp_table *read = NULL;

        if (!first->is_template && first->data == analysis->data) {
            status = mtp_workspace_source_table(c->workspace, first, &read, NULL, err);
            *alike = read == *table;
            break;
        }
    }
    return status;
}

static const mtp_table_change *table_of(const mtp_comparing *c,
                                        const mtp_file_analysis *analysis)
{
    for (size_t i = 0; i < c->n_tables; i++) {
        if (strcmp(c->tables[i].name, analysis->data->name) == 0) {
            return &c->tables[i];
        }
    }
    return NULL;
}

mtp_status mtp_snapshot_attribute(mtp_comparing *c, const mtp_file_analysis *analysis,
                                  mtp_analysis_change *change, mtp_error *err)
{
    const mtp_table_change *table = table_of(c, analysis);
    const mtp_table *read = NULL;
    bool alike = false;
    job j = {.c = c, .analysis = analysis};
    mtp_status status;

    if (!table || table->change != MTP_CHANGE_CHANGED || table->n_rows == 0) {
        return MTP_OK;
    }
    status = read_alike(c, analysis, &read, &alike, err);
    if (status != MTP_OK) {
        return status;
    }
    j.before = mtp_snapshot_grid(
        c->arena, mtp_snapshot_named(mtp_node_get(c->before, "tables"), table->name));
    j.after = mtp_snapshot_grid(
        c->arena, mtp_snapshot_named(mtp_node_get(c->after, "tables"), table->name));
    if (!j.before || !j.after) {
        return mtp_fail_nomem(err);
    }
    change->note = j.before->hashed ? "nothing is attributed: the table is too large"
                   : table->n_rows > c->options.rows
                       ? "nothing is attributed: too many rows changed"
                   : !alike ? "nothing is attributed: another analysis reads the table "
                              "in another way, and the snapshot has that"
                            : NULL;
    if (change->note) {
        return MTP_OK;
    }
    j.decimal = read->decimal;
    change->table = table;
    return attribute(&j, table, change, err);
}
