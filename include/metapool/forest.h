/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FOREST_H
#define METAPOOL_FOREST_H

#include "metapool/analysis.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file forest.h
 * Forest plots: the numbers, and the picture as SVG or as text.
 */

typedef enum mtp_forest_kind {
    MTP_FOREST_STUDY,
    MTP_FOREST_SUBGROUP_COMMON,
    MTP_FOREST_SUBGROUP_RANDOM,
    MTP_FOREST_OVERALL_COMMON,
    MTP_FOREST_OVERALL_RANDOM,
    MTP_FOREST_PREDICTION,
    MTP_FOREST_LEFT_OUT,      /* the fit without a study, or a cluster */
    MTP_FOREST_CUMULATIVE,    /* the fit of the studies up to some value */
    MTP_FOREST_NOT_ESTIMABLE, /* a study that says nothing about the effect, and is in
                                 no estimate and no sum */
} mtp_forest_kind;

/** A row of the figure, on the natural scale; NaN where a figure does not exist. */
typedef struct mtp_forest_row {
    mtp_forest_kind kind;
    const char *group; /* NULL: none */
    const char
        *study;       /* NULL on summary rows; of a fit what is left out, or joins it */
    double events, n; /* of all groups together; n is the person-time for rates */
    double estimate, ci_lower, ci_upper;
    double weight_common, weight_random;
    /* Of fits of some of the studies, and of the summaries beside them; NaN else. */
    double k, tau2, I2;
    size_t index; /* of a study in the bundle; of one that is not estimable, n_studies
                     and its place among the excluded rows */
    const double *raw; /* [bundle->n_columns] the raw data; of a summary row their sums,
                          where they add up; NULL on prediction rows */
} mtp_forest_row;

/** The rows of a figure, which borrow their names from the bundle. */
typedef struct mtp_forest {
    size_t n_rows;
    const mtp_forest_row *row; /* groups in order, each: studies, then its summaries */
    const mtp_bundle *bundle;
} mtp_forest;

/**
 * The rows of the figure of a pooled analysis.
 * @param bundle  must outlive the forest, which points into it
 * @param forest  out: freed with mtp_forest_free
 * @return MTP_OK; MTP_E_ARG if the bundle has no pooled analysis; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_forest_new(const mtp_bundle *bundle, mtp_forest **forest,
                                  mtp_error *err);

/** Free a forest, not its bundle; NULL is allowed. */
MTP_API void mtp_forest_free(mtp_forest *forest);

/**
 * The rows as CSV (RFC 4180, lines ended by LF), with a header; a figure that does not
 * exist or is infinite is an empty cell.
 * @param text  out: NUL-terminated UTF-8, freed with mtp_text_free (report.h)
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_forest_csv(const mtp_forest *forest, char **text,
                                  mtp_error *err);

/**
 * The rows, the methods, the heterogeneity of each set of studies and the notes as JSON
 * (docs/schema/metapool.forest.1.json); a figure that does not exist or is infinite is
 * null.
 * @param text  out: NUL-terminated UTF-8, freed with mtp_text_free (report.h)
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_forest_json(const mtp_forest *forest, char **text,
                                   mtp_error *err);

/**
 * The figure as SVG 1.1, with its title and description in words. The same bundle gives
 * the same bytes on every machine, and its ids differ from those of other figures, so
 * that several may stand in one HTML page.
 * @param text  out: NUL-terminated UTF-8, freed with mtp_text_free (report.h)
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_forest_svg(const mtp_forest *forest, char **text,
                                  mtp_error *err);

typedef struct mtp_forest_text_options {
    size_t size; /* sizeof(mtp_forest_text_options); set by _init */
    int width;   /* columns of the terminal, 60 to 240; default 80 */
    bool ascii;  /* marks and words of the plot in ASCII; names stay; default false */
} mtp_forest_text_options;

MTP_API void mtp_forest_text_options_init(mtp_forest_text_options *options,
                                          size_t size);

/**
 * The figure in the characters of a terminal: the words and numbers of the SVG, marks
 * as near as a column comes.
 * @param options  NULL: the defaults; a width beyond its bounds is taken as the nearest
 * @param text     out: NUL-terminated UTF-8, freed with mtp_text_free (report.h)
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_forest_text(const mtp_forest *forest,
                                   const mtp_forest_text_options *options, char **text,
                                   mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
