/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_SNAPSHOT_H
#define METAPOOL_SNAPSHOT_H

#include "metapool/analysis_file.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file snapshot.h
 * Snapshots of an analysis file: every figure of every analysis in full precision and
 * the rows of its tables, to be compared later, when data or program have changed.
 */

/** JSON: metapool.snapshot/1 (docs/schema). */
typedef struct mtp_snapshot mtp_snapshot;

/**
 * Run every analysis of a file but templates. One that fails is kept with its message.
 *
 * @param snapshot  out, freed with mtp_snapshot_free; untouched on failure. It may
 *                  outlive the file
 * @return MTP_OK; MTP_E_DATA (a table that is missing or whose SHA-256 differs, ...);
 *         MTP_E_IO; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_snapshot_take(const mtp_analysis_file *file,
                                     mtp_snapshot **snapshot, mtp_problems *problems,
                                     mtp_error *err);

/**
 * Read a snapshot from memory.
 * @param source  its name in messages
 * @return MTP_OK; MTP_E_SYNTAX (not JSON); MTP_E_DATA (JSON, but no snapshot);
 *         MTP_E_NOMEM
 */
MTP_API mtp_status mtp_snapshot_parse(const char *source, const char *bytes,
                                      size_t length, mtp_snapshot **snapshot,
                                      mtp_error *err);

/** The snapshot as text, owned by it; NUL-terminated UTF-8. */
MTP_API const char *mtp_snapshot_text(const mtp_snapshot *snapshot, size_t *length);
MTP_API void mtp_snapshot_free(mtp_snapshot *snapshot);

/* What differs at a path of a result. X(enum, id, label) */
#define MTP_DIFFERENCE_LIST(X)                                                         \
    X(MTP_DIFFERENCE_NUMBER, "number", "another number")                               \
    X(MTP_DIFFERENCE_VALUE, "value", "another text, or a value of another kind")       \
    X(MTP_DIFFERENCE_NEW, "new", "was not there before")                               \
    X(MTP_DIFFERENCE_GONE, "gone", "is not there any more")                            \
    X(MTP_DIFFERENCE_ORDER, "order", "the elements of a list stand in another order")

typedef enum mtp_difference_kind {
#define MTP_DIFFERENCE_ENUM(name, id, label) name,
    MTP_DIFFERENCE_LIST(MTP_DIFFERENCE_ENUM)
#undef MTP_DIFFERENCE_ENUM
        MTP_DIFFERENCE_COUNT
} mtp_difference_kind;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_difference_id(mtp_difference_kind kind);
MTP_API const char *mtp_difference_label(mtp_difference_kind kind);
MTP_API int mtp_difference_from_id(const char *id);

/** A value that differs. */
typedef struct mtp_difference {
    const char *path; /* into the JSON of the analysis */
    mtp_difference_kind kind;
    const char *before, *after; /* as JSON, long ones cut; NULL: not there */
    double number[2];           /* before and after, where both are numbers; else NaN */
    double relative; /* (after - before) / |before|; NaN where there is none */
} mtp_difference;

/** An option, command or table of an analysis that is another one; a NULL: not given.
 */
typedef struct mtp_option_change {
    const char *name, *before, *after;
} mtp_option_change;

/** What a row of a table alone does to a figure, and what is left. */
typedef struct mtp_attribution {
    const char *path;
    double before, after; /* of the snapshots */
    double itself;        /* the old table now, minus before: program and options */
    size_t n;             /* changed rows of the table */
    const double *row;    /* [n] the old table with this one row changed, minus without;
                             NaN where that has no such figure */
    double rest;          /* after - before - itself - sum of rows: their interaction */
} mtp_attribution;

/* What became of an analysis or a table. X(enum, id, label) */
#define MTP_CHANGE_LIST(X)                                                             \
    X(MTP_CHANGE_SAME, "same", "nothing differs")                                      \
    X(MTP_CHANGE_CHANGED, "changed", "something differs")                              \
    X(MTP_CHANGE_NEW, "new", "the snapshot does not have it")                          \
    X(MTP_CHANGE_GONE, "gone", "the snapshot alone has it")

typedef enum mtp_change {
#define MTP_CHANGE_ENUM(name, id, label) name,
    MTP_CHANGE_LIST(MTP_CHANGE_ENUM)
#undef MTP_CHANGE_ENUM
        MTP_CHANGE_COUNT
} mtp_change;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_change_id(mtp_change change);
MTP_API const char *mtp_change_label(mtp_change change);
MTP_API int mtp_change_from_id(const char *id);

typedef struct mtp_cell_change {
    const char *column, *before, *after; /* cells as written; NULL: missing */
} mtp_cell_change;

typedef struct mtp_row_change {
    mtp_change change;            /* not MTP_CHANGE_SAME; NEW: added, GONE: removed */
    size_t row_before, row_after; /* from 1; 0: not there */
    const char *label;            /* its study, or NULL */
    size_t n_cells;               /* of a changed row */
    const mtp_cell_change *cells;
} mtp_row_change;

typedef struct mtp_table_change {
    const char *name, *file;
    mtp_change change;
    const char *sha256_before, *sha256_after; /* NULL: not there */
    size_t n_columns;                         /* that are new or gone */
    const mtp_option_change *columns;         /* name; before or after is NULL */
    size_t n_rows;
    const mtp_row_change *rows;
    bool reordered;   /* rows of both stand in another order */
    const char *note; /* what could not be told, or NULL */
} mtp_table_change;

typedef struct mtp_analysis_change {
    const char *name;
    mtp_change change;
    const char *error_before, *error_after; /* why it has no result; NULL: it has */
    size_t n_options;
    const mtp_option_change *options;
    size_t n_differences;
    const mtp_difference *differences;   /* relative change, the largest first */
    const mtp_table_change *table;       /* that its figures are attributed to */
    size_t n_attributions;               /* of its main figures */
    const mtp_attribution *attributions; /* each with one value for each table->rows */
    const char *note; /* why nothing is attributed though the table changed, or NULL */
} mtp_analysis_change;

/** All that differs between a snapshot and now. */
typedef struct mtp_snapshot_comparison {
    const char *name;  /* of the snapshot; NULL: it has no name */
    bool written;      /* it was not compared but made now */
    bool file_changed; /* the analysis file has another SHA-256, which by itself is no
                          difference */
    const char *version_before, *version_after; /* of metapool */
    double tolerance;
    size_t n_tables;
    const mtp_table_change *tables;
    size_t n_analyses;
    const mtp_analysis_change *analyses;
    bool missing; /* there was none, though it had to be there: nothing was compared */
} mtp_snapshot_comparison;

/** Relative: the last digits of exp and log move between C libraries, and root finding
 *  amplifies them; a figure that differs by less is the same. Figures below
 *  MTP_SNAPSHOT_ZERO are zero but for rounding. */
#define MTP_SNAPSHOT_TOLERANCE 1e-9
#define MTP_SNAPSHOT_ZERO      1e-12

typedef struct mtp_snapshot_options {
    size_t size;      /* sizeof(mtp_snapshot_options); set by _init */
    const char *name; /* of the snapshot, in the comparison; borrowed */
    double tolerance; /* relative; default MTP_SNAPSHOT_TOLERANCE */
    size_t rows;      /* attribute to at most so many rows of a table; default 50 */
    bool must_exist;  /* without an older one nothing holds; default false */
} mtp_snapshot_options;

MTP_API void mtp_snapshot_options_init(mtp_snapshot_options *options, size_t size);

/**
 * Compare: numbers within a relative tolerance, everything else exactly. Elements of
 * lists are compared by what they are called, where they are called something. Left out
 * are `metapool_version`, `data.sha256`, the numbers of iterations, and those of rows
 * and lines, which the tables tell. Where a table changed, analyses are run again with
 * one changed row each.
 *
 * @param file        as it is now; must outlive the comparison
 * @param before      the older snapshot; may be NULL: `after` was written now, or, with
 *                    must_exist, the older one is missing
 * @param after       taken of the file
 * @param options     NULL: defaults
 * @param comparison  out, freed with mtp_snapshot_comparison_free; untouched on failure
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_snapshot_compare(const mtp_analysis_file *file,
                                        const mtp_snapshot *before,
                                        const mtp_snapshot *after,
                                        const mtp_snapshot_options *options,
                                        mtp_snapshot_comparison **comparison,
                                        mtp_error *err);
MTP_API void mtp_snapshot_comparison_free(mtp_snapshot_comparison *comparison);

/** Whether no table and no analysis differs, and no snapshot is missing. */
MTP_API bool mtp_snapshot_holds(const mtp_snapshot_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
