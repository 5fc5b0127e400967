/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_ANALYSIS_FILE_H
#define METAPOOL_ANALYSIS_FILE_H

#include "metapool/analysis.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file analysis_file.h
 * Analysis files: a study's tables, its analyses by name, and the figures that somebody
 * published of it. docs/analysis-files.md describes the format, which is YAML.
 */

/** A place in the analysis file, from 1. */
typedef struct mtp_place {
    size_t line, column;
} mtp_place;

/** An option as the file gives it; a repeatable one stands once for each value. */
typedef struct mtp_file_option {
    const char *name, *value;
    mtp_place place;
} mtp_file_option;

/** A table of `data`. */
typedef struct mtp_file_data {
    const char *name;
    const char *file;   /* as written: relative to the folder of the analysis file */
    const char *sha256; /* 64 digits in lower case, or NULL */
    size_t n_options;   /* how it is read */
    const mtp_file_option *options;
    mtp_place place;
} mtp_file_data;

/** An analysis, with what it has of those that it extends. */
typedef struct mtp_file_analysis {
    const char *name;
    const char *title;   /* or NULL */
    bool is_template;    /* only to be extended */
    mtp_command command; /* 0: a template without one */
    int kind;            /* of a plot, an mtp_figure_kind; else -1 */
    const mtp_file_data *data;
    size_t n_options;
    const mtp_file_option *options;
    mtp_place place;
} mtp_file_analysis;

/* What is done to the computed figure before it is compared. X(enum, id, label) */
#define MTP_TRANSFORM_LIST(X)                                                          \
    X(MTP_TRANSFORM_NONE, "none", "as computed")                                       \
    X(MTP_TRANSFORM_PERCENT, "percent", "100 x")                                       \
    X(MTP_TRANSFORM_EXP, "exp", "exp(x)")                                              \
    X(MTP_TRANSFORM_NEGATE, "negate", "-x")                                            \
    X(MTP_TRANSFORM_ONE_MINUS, "one_minus", "1 - x")                                   \
    X(MTP_TRANSFORM_INVERT, "invert", "1 / x")                                         \
    X(MTP_TRANSFORM_SQRT, "sqrt", "sqrt(x)")                                           \
    X(MTP_TRANSFORM_SQUARE, "square", "x^2")                                           \
    X(MTP_TRANSFORM_SHARE, "share", "x / 100")                                         \
    X(MTP_TRANSFORM_LOG, "log", "log(x)")

typedef enum mtp_transform {
#define MTP_TRANSFORM_ENUM(name, id, label) name,
    MTP_TRANSFORM_LIST(MTP_TRANSFORM_ENUM)
#undef MTP_TRANSFORM_ENUM
        MTP_TRANSFORM_COUNT
} mtp_transform;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_transform_id(mtp_transform transform);
MTP_API const char *mtp_transform_label(mtp_transform transform);
MTP_API int mtp_transform_from_id(const char *id);

/** One published figure. */
typedef struct mtp_claim {
    const char *id; /* no two alike */
    const mtp_file_analysis *analysis;
    const char *quantity; /* path into the JSON of the analysis (mtp_report_value) */
    const char *printed;  /* the text as printed */
    mtp_transform transform;
    const char *where;    /* where it stands in the publication, or NULL */
    const char *expected; /* why it does not reproduce, or NULL */
    int digits;           /* significant digits to judge by; 0: the printed ones */
    double tolerance;   /* absolute, on the printed scale; NaN: by printed precision */
    const char *reason; /* for digits or tolerance; else NULL */
    mtp_place place;    /* of the claim in the analysis file */
    const char *table;  /* the table of claims that it comes from, or NULL */
    size_t row;         /* its data row there, from 1 */
} mtp_claim;

typedef struct mtp_analysis_file {
    const char *path;   /* as given */
    const char *folder; /* of the path, with its slash; "": the current one */
    const char *sha256; /* of the analysis file */
    const char *title;
    struct {
        const char *citation, *doi, *url, *licence, *note; /* each may be NULL */
    } source;
    size_t n_data;
    const mtp_file_data *data; /* the first is the table of analyses that name none */
    size_t n_analyses;
    const mtp_file_analysis *analyses; /* in the order of the file, templates too */
    size_t n_claims;
    const mtp_claim *claims;
} mtp_analysis_file;

/**
 * Read an analysis file and its tables of claims. Options are checked by name and
 * value; what needs the study tables is checked when an analysis is run.
 *
 * @param path      file name; files are named relative to its folder
 * @param file      out, freed with mtp_analysis_file_free; untouched on failure
 * @param problems  everything found wrong, each with file, line and position, added to
 *                  what it holds: zero it first; may be NULL
 * @param err       the first of them
 * @return MTP_OK; MTP_E_SYNTAX (not YAML); MTP_E_DATA (missing file, unknown or
 *         doubled key, wrong value, SHA-256 that differs, ...); MTP_E_IO; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_analysis_file_read(const char *path, mtp_analysis_file **file,
                                          mtp_problems *problems, mtp_error *err);

/** The same from memory; `path` is the name of the file in messages and tells the
 *  folder. */
MTP_API mtp_status mtp_analysis_file_parse(const char *path, const char *bytes,
                                           size_t length, mtp_analysis_file **file,
                                           mtp_problems *problems, mtp_error *err);
MTP_API void mtp_analysis_file_free(mtp_analysis_file *file);

/** An analysis by its name; NULL: there is none. */
MTP_API const mtp_file_analysis *mtp_analysis_file_find(const mtp_analysis_file *file,
                                                        const char *name);

/** What runs the analyses of a file; it reads each table once. */
typedef struct mtp_workspace mtp_workspace;

/**
 * @param file       must outlive the workspace
 * @param workspace  out, freed with mtp_workspace_free
 */
MTP_API mtp_status mtp_workspace_new(const mtp_analysis_file *file,
                                     mtp_workspace **workspace, mtp_error *err);
MTP_API void mtp_workspace_free(mtp_workspace *workspace);

/** The request of an analysis, as the command line would make it; freed with
 *  mtp_request_free. */
MTP_API mtp_status mtp_workspace_request(const mtp_workspace *workspace,
                                         const mtp_file_analysis *analysis,
                                         mtp_request **request, mtp_error *err);

/**
 * The table of an analysis, with its --query carried out. Its source is the file as
 * the analysis file writes it, so that results do not depend on the current folder.
 *
 * @param table  out, owned by the workspace
 * @return MTP_OK; MTP_E_DATA also for a SHA-256 that differs; else as mtp_table_read
 * and mtp_table_query
 */
MTP_API mtp_status mtp_workspace_table(mtp_workspace *workspace,
                                       const mtp_file_analysis *analysis,
                                       const mtp_table **table, mtp_problems *problems,
                                       mtp_error *err);

/**
 * Run an analysis. Of a report it is the pooling, of a plot the bundle that
 * mtp_figure_draw takes.
 *
 * @param analysis  no template
 * @param bundle    out, freed with mtp_bundle_free; may outlive the workspace
 * @return as mtp_workspace_table and mtp_run; files in messages are named from the
 *         current folder
 */
MTP_API mtp_status mtp_workspace_run(mtp_workspace *workspace,
                                     const mtp_file_analysis *analysis,
                                     mtp_bundle **bundle, mtp_problems *problems,
                                     mtp_error *err);

/** The page of a report (MTP_COMMAND_PAGE), as mtp_page. */
MTP_API mtp_status mtp_workspace_page(mtp_workspace *workspace,
                                      const mtp_file_analysis *analysis, char **text,
                                      size_t *length, mtp_bundle **pool,
                                      mtp_problems *problems, mtp_error *err);

/** A file that `metapool run` writes of an analysis. */
typedef struct mtp_result_file {
    const char *name; /* "cohorts.json" */
    const char *bytes;
    size_t length;
} mtp_result_file;

/** What an analysis gives as files: JSON, text and CSV; of a plot the figure; of a
 *  report its page and the JSON of its pooling. */
typedef struct mtp_results {
    const mtp_file_analysis *analysis;
    const mtp_bundle *bundle;
    size_t n_files;
    const mtp_result_file *files;
    const char *svg;   /* of a plot, NUL-terminated; else NULL */
    double svg_height; /* in millimetres */
    mtp_notes notes;   /* of the figure, beyond those of the bundle */
    int digits;        /* --digits of the analysis */
} mtp_results;

/** Run an analysis and make its files.
 *  @param results  out, freed with mtp_results_free; it may outlive the workspace, not
 *                  the analysis file
 *  @return as mtp_workspace_run and mtp_figure_draw */
MTP_API mtp_status mtp_workspace_results(mtp_workspace *workspace,
                                         const mtp_file_analysis *analysis,
                                         mtp_results **results, mtp_problems *problems,
                                         mtp_error *err);
MTP_API void mtp_results_free(mtp_results *results);

/** An analysis on the page of all: its results, or why there are none. */
typedef struct mtp_index_entry {
    const mtp_file_analysis *analysis;
    const mtp_results *results; /* NULL: it failed */
    mtp_error error;
    unsigned lost; /* bit k: results->files[k] could not be written, and has no link */
} mtp_index_entry;

/**
 * The page that shows all analyses of a file, with their figures: HTML that needs
 * nothing else, with links to the files beside it.
 * @param text  out, NUL-terminated UTF-8, freed with mtp_text_free
 */
MTP_API mtp_status mtp_index_page(const mtp_analysis_file *file, size_t n,
                                  const mtp_index_entry entry[], char **text,
                                  size_t *length, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
