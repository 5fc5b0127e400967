/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_SNAPSHOT_H
#define MTP_AUDIT_SNAPSHOT_H

#include "metapool/snapshot.h"

#include "audit/workspace.h"
#include "core/arena.h"
#include "core/strbuf.h"
#include "report/node.h"

/*
 * A snapshot is its JSON, read back: what is compared is what is written.
 *
 *   tables:   name, file, sha256, columns, rows (cells as written, null: missing) or,
 *             of a large table, row_hashes
 *   analyses: name, given (command and options as the file gives them), error, result
 */
struct mtp_snapshot {
    char *text;
    size_t length;
    mtp_tree *tree;
};

enum {
    MTP_SNAPSHOT_CELLS = 200000, /* of a larger table hashes of the rows are kept */
    MTP_SNAPSHOT_HASH = 16,      /* their digits */
};

/** The member of a list of objects with this name; NULL. */
mtp_node *mtp_snapshot_named(mtp_node *list, const char *name);

/** What differs between two values, into a growing list. */
typedef struct mtp_differences {
    mtp_arena *arena;
    double tolerance;
    mtp_strbuf path; /* of the values that are compared now */
    size_t n, capacity;
    mtp_difference *item;
    bool no_memory;
} mtp_differences;

/** Compare results, except `options`; `into` holds arena and tolerance. The list is
 *  sorted: numbers by relative change, then the others. */
void mtp_snapshot_results(mtp_differences *into, mtp_node *before, mtp_node *after);
/** Whether two numbers are the same within the tolerance. */
bool mtp_snapshot_near(double tolerance, double a, double b);
/** A value as JSON, a long one cut; NULL without memory. */
const char *mtp_snapshot_shown(mtp_arena *arena, mtp_node *value);

/** The rows of a table in a snapshot. */
typedef struct mtp_grid {
    size_t rows, columns;
    const char **name; /* [columns] */
    const char **cell; /* [rows x columns], NULL: missing */
    bool hashed;       /* one column, of hashes */
} mtp_grid;

/** NULL without memory. Rows of other lengths than the header are filled or cut. */
mtp_grid *mtp_snapshot_grid(mtp_arena *arena, mtp_node *table);
#define MTP_GRID_CELL(grid, r, c) ((grid)->cell[(r) * (grid)->columns + (c)])

/** Rows and columns that differ; study: the name of the column that names rows, or
 *  NULL. False without memory. */
bool mtp_snapshot_rows(mtp_arena *arena, const mtp_grid *before, const mtp_grid *after,
                       const char *study, mtp_table_change *change);

/** What a comparison works with. */
typedef struct mtp_comparing {
    mtp_arena *arena;
    const mtp_analysis_file *file;
    mtp_workspace *workspace;
    mtp_snapshot_options options;
    mtp_node *before, *after; /* roots */
    mtp_table_change *tables;
    size_t n_tables;
} mtp_comparing;

/** Attribute the figures of an analysis to the rows of its table, where that changed.
 */
mtp_status mtp_snapshot_attribute(mtp_comparing *c, const mtp_file_analysis *analysis,
                                  mtp_analysis_change *change, mtp_error *err);

#endif
