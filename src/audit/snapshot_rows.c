/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a table changed. Rows are matched by content, what is left by the study
 * column where that names rows uniquely, and what is left then by most equal cells. */
#include "audit/snapshot.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARED = 4000000 }; /* cells, at most, in the search for the most alike */

#define NO_ROW SIZE_MAX

mtp_grid *mtp_snapshot_grid(mtp_arena *arena, mtp_node *table)
{
    mtp_node *columns = mtp_node_get(table, "columns");
    mtp_node *hashes = mtp_node_get(table, "row_hashes");
    bool hashed = mtp_node_value(hashes).kind == MTP_FOUND_LIST;
    mtp_node *rows = hashed ? hashes : mtp_node_get(table, "rows");
    mtp_grid *grid = MTP_ARENA_NEW(arena, mtp_grid);

    if (!grid) {
        return NULL;
    }
    grid->hashed = hashed;
    grid->rows = mtp_node_count(rows);
    grid->columns = hashed ? 1 : mtp_node_count(columns);
    grid->name = mtp_arena_zalloc(arena, grid->columns, sizeof *grid->name);
    grid->cell =
        grid->columns == 0 || grid->rows <= SIZE_MAX / grid->columns
            ? mtp_arena_zalloc(arena, grid->rows * grid->columns, sizeof *grid->cell)
            : NULL;
    if (!grid->name || !grid->cell) {
        return NULL;
    }
    for (size_t c = 0; c < grid->columns; c++) {
        const char *name = hashed ? NULL : mtp_node_text(mtp_node_at(columns, c));

        grid->name[c] = name ? name : "";
    }
    for (size_t r = 0; r < grid->rows; r++) {
        mtp_node *row = mtp_node_at(rows, r);

        for (size_t c = 0; c < grid->columns; c++) {
            MTP_GRID_CELL(grid, r, c) =
                mtp_node_text(hashed ? row : mtp_node_at(row, c));
        }
    }
    return grid;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static size_t find_column(const mtp_grid *grid, const char *name)
{
    for (size_t c = 0; c < grid->columns; c++) {
        if (strcmp(grid->name[c], name) == 0) {
            return c;
        }
    }
    return grid->columns;
}

/* The matching of two grids. */
typedef struct matching {
    mtp_arena *arena;
    const mtp_grid *grid[2];
    size_t n;          /* columns that both have */
    size_t *column[2]; /* [n] */
    size_t *match[2];  /* [rows] the row of the other, or NO_ROW */
    bool no_memory;
} matching;

/* A comparison outlives the snapshots. */
static const char *keep(matching *m, const char *text)
{
    const char *kept = text ? mtp_arena_strdup(m->arena, text) : NULL;

    m->no_memory = m->no_memory || (text && !kept);
    return kept;
}

static bool begin(matching *m)
{
    const mtp_grid *a = m->grid[0], *b = m->grid[1];

    for (int i = 0; i < 2; i++) {
        m->column[i] = MTP_ARENA_ARRAY(m->arena, a->columns, size_t);
        m->match[i] = MTP_ARENA_ARRAY(m->arena, m->grid[i]->rows, size_t);
        if (!m->column[i] || !m->match[i]) {
            return false;
        }
        for (size_t r = 0; r < m->grid[i]->rows; r++) {
            m->match[i][r] = NO_ROW;
        }
    }
    for (size_t c = 0; c < a->columns; c++) {
        size_t other = find_column(b, a->name[c]);

        if (other < b->columns) {
            m->column[0][m->n] = c;
            m->column[1][m->n++] = other;
        }
    }
    return true;
}

/* Equal cells of a row of each. */
static size_t alike(const matching *m, size_t a, size_t b)
{
    size_t n = 0;

    for (size_t c = 0; c < m->n; c++) {
        n += same(MTP_GRID_CELL(m->grid[0], a, m->column[0][c]),
                  MTP_GRID_CELL(m->grid[1], b, m->column[1][c]));
    }
    return n;
}

static void pair(matching *m, size_t a, size_t b)
{
    m->match[0][a] = b;
    m->match[1][b] = a;
}

typedef struct hashed_row {
    uint64_t hash;
    size_t row;
} hashed_row;

static int by_hash(const void *a, const void *b)
{
    const hashed_row *x = a, *y = b;

    return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1)
                              : (x->row > y->row) - (x->row < y->row);
}

/* FNV-1a over cells, with what tells a missing one from an empty one. */
static uint64_t hash_cell(uint64_t hash, const char *cell)
{
    const char *text = cell ? cell : "\1";

    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    } while (*text++);
    return hash;
}

/* The rows of a grid that have no match yet, by the hash of one column or, with `only`
 * at m->n, of all that both have. */
static hashed_row *hash_rows(const matching *m, int i, size_t only, size_t *n)
{
    const mtp_grid *grid = m->grid[i];
    hashed_row *item = MTP_ARENA_ARRAY(m->arena, grid->rows, hashed_row);

    *n = 0;
    for (size_t r = 0; item && r < grid->rows; r++) {
        uint64_t hash = UINT64_C(14695981039346656037);

        if (m->match[i][r] != NO_ROW) {
            continue;
        }
        for (size_t c = 0; c < m->n; c++) {
            if (only == m->n || only == c) {
                hash = hash_cell(hash, MTP_GRID_CELL(grid, r, m->column[i][c]));
            }
        }
        item[(*n)++] = (hashed_row){hash, r};
    }
    if (item) {
        qsort(item, *n, sizeof *item, by_hash);
    }
    return item;
}

static size_t run_length(const hashed_row item[], size_t n, size_t at)
{
    size_t end = at;

    while (end < n && item[end].hash == item[at].hash) {
        end++;
    }
    return end - at;
}

/* Pair rows of equal hashes: all in their order, or, by a column, only where each has
 * one. */
static bool pair_equal(matching *m, size_t only)
{
    size_t n, k, i = 0, j = 0;
    const hashed_row *a = hash_rows(m, 0, only, &n), *b = hash_rows(m, 1, only, &k);

    while (a && b && i < n && j < k) {
        size_t of_a = run_length(a, n, i), of_b = run_length(b, k, j);

        if (a[i].hash != b[j].hash) {
            bool first = a[i].hash < b[j].hash;

            i += first ? of_a : 0;
            j += first ? 0 : of_b;
            continue;
        }
        for (size_t p = 0; p < of_a && p < of_b; p++) {
            size_t x = a[i + p].row, y = b[j + p].row;

            if (only == m->n ? alike(m, x, y) == m->n
                             : of_a == 1 && of_b == 1 && alike(m, x, y) > 0) {
                pair(m, x, y);
            }
        }
        i += of_a;
        j += of_b;
    }
    return a && b;
}

/* What is left, each row with the one that has most cells in common, at least half. */
static bool pair_alike(matching *m)
{
    size_t n, k;
    const hashed_row *a = hash_rows(m, 0, m->n, &n), *b = hash_rows(m, 1, m->n, &k);

    if (!a || !b) {
        return false;
    }
    if (n == 0 || k == 0 || m->n == 0 || k > COMPARED / m->n / n) {
        return true;
    }
    for (size_t x = 0; x < m->grid[0]->rows; x++) {
        size_t best = NO_ROW, most = 0;

        for (size_t y = 0; m->match[0][x] == NO_ROW && y < m->grid[1]->rows; y++) {
            size_t cells = m->match[1][y] == NO_ROW ? alike(m, x, y) : 0;

            if (cells > most && 2 * cells >= m->n) {
                most = cells;
                best = y;
            }
        }
        if (best != NO_ROW) {
            pair(m, x, best);
        }
    }
    return true;
}

/* The cells that differ; NULL without memory. */
static const mtp_cell_change *changed_cells(matching *m, size_t a, size_t b, size_t *n)
{
    mtp_cell_change *item = MTP_ARENA_ARRAY(m->arena, m->n, mtp_cell_change);

    *n = 0;
    for (size_t c = 0; item && c < m->n; c++) {
        const char *before = MTP_GRID_CELL(m->grid[0], a, m->column[0][c]);
        const char *after = MTP_GRID_CELL(m->grid[1], b, m->column[1][c]);

        if (!same(before, after)) {
            item[(*n)++] = (mtp_cell_change){keep(m, m->grid[0]->name[m->column[0][c]]),
                                             keep(m, before), keep(m, after)};
        }
    }
    return item;
}

static const char *label_of(matching *m, int i, const char *study, size_t row)
{
    const mtp_grid *grid = m->grid[i];
    size_t column = study ? find_column(grid, study) : grid->columns;

    return column < grid->columns ? keep(m, MTP_GRID_CELL(grid, row, column)) : NULL;
}

/* In the order of the rows: changed and removed ones, then those that were added. */
static bool list_rows(matching *m, const char *study, mtp_table_change *change)
{
    const mtp_grid *a = m->grid[0], *b = m->grid[1];
    mtp_row_change *item = MTP_ARENA_ARRAY(m->arena, a->rows + b->rows, mtp_row_change);
    size_t n = 0, last = 0;

    if (!item) {
        return false;
    }
    for (size_t r = 0; r < a->rows; r++) {
        size_t other = m->match[0][r];
        mtp_row_change row = {MTP_CHANGE_GONE,          r + 1, 0,
                              label_of(m, 0, study, r), 0,     NULL};

        if (other != NO_ROW) {
            change->reordered = change->reordered || other + 1 < last;
            last = other + 1;
            row.change = MTP_CHANGE_CHANGED;
            row.row_after = other + 1;
            if (alike(m, r, other) == m->n) {
                continue;
            }
            row.cells = changed_cells(m, r, other, &row.n_cells);
            if (!row.cells) {
                return false;
            }
        }
        item[n++] = row;
    }
    for (size_t r = 0; r < b->rows; r++) {
        if (m->match[1][r] == NO_ROW) {
            item[n++] = (mtp_row_change){MTP_CHANGE_NEW,           0, r + 1,
                                         label_of(m, 1, study, r), 0, NULL};
        }
    }
    change->n_rows = n;
    change->rows = item;
    return true;
}

/* Columns that one of them alone has. */
static bool list_columns(matching *m, mtp_table_change *change)
{
    const mtp_grid *a = m->grid[0], *b = m->grid[1];
    mtp_option_change *item =
        MTP_ARENA_ARRAY(m->arena, a->columns + b->columns, mtp_option_change);
    size_t n = 0;

    if (!item) {
        return false;
    }
    for (size_t c = 0; c < a->columns; c++) {
        if (find_column(b, a->name[c]) == b->columns) {
            item[n++] =
                (mtp_option_change){keep(m, a->name[c]), keep(m, a->name[c]), NULL};
        }
    }
    for (size_t c = 0; c < b->columns; c++) {
        if (find_column(a, b->name[c]) == a->columns) {
            item[n++] =
                (mtp_option_change){keep(m, b->name[c]), NULL, keep(m, b->name[c])};
        }
    }
    change->n_columns = n;
    change->columns = item;
    return true;
}

bool mtp_snapshot_rows(mtp_arena *arena, const mtp_grid *before, const mtp_grid *after,
                       const char *study, mtp_table_change *change)
{
    matching m = {.arena = arena, .grid = {before, after}};
    size_t key = 0;

    if (before->hashed != after->hashed) {
        change->note = "the table is too large, or was, to be kept row by row: which "
                       "rows changed cannot be told";
        return true;
    }
    if (!begin(&m) || !list_columns(&m, change) || !pair_equal(&m, m.n)) {
        return false;
    }
    while (study && key < m.n && strcmp(before->name[m.column[0][key]], study) != 0) {
        key++;
    }
    if ((study && key < m.n && !pair_equal(&m, key)) || !pair_alike(&m)) {
        return false;
    }
    if (before->hashed) {
        change->note = "the table is large: hashes of its rows are compared, and a "
                       "changed row is one that is gone and one that is new";
    }
    return list_rows(&m, study, change) && !m.no_memory;
}
