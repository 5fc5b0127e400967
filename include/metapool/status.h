/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_STATUS_H
#define METAPOOL_STATUS_H

#include "metapool/export.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file status.h
 * What a function that can fail returns, and what it says when it did.
 *
 * Every fallible function returns an mtp_status and takes an optional, caller-owned
 * mtp_error as its last argument. On failure its outputs are untouched. A programming
 * error (a NULL output, a wrong shape) is asserted, never reported.
 */

/* X(name, value, description): the only list of the codes. */
#define MTP_STATUS_LIST(X)                                                             \
    X(MTP_OK, 0, "success")                                                            \
    X(MTP_E_ARG, 1, "an option or argument is not valid")                              \
    X(MTP_E_NOMEM, 2, "memory is exhausted")                                           \
    X(MTP_E_IO, 3, "reading or writing failed")                                        \
    X(MTP_E_SYNTAX, 4, "the input is malformed")                                       \
    X(MTP_E_DATA, 5, "the input is well formed but impossible or inconsistent")        \
    X(MTP_E_DEGENERATE, 6, "no answer exists for this input")                          \
    X(MTP_E_NOCONV, 7, "an iteration did not reach its target")                        \
    X(MTP_E_UNSUPPORTED, 8, "this combination is not supported")

typedef enum mtp_status {
#define MTP_STATUS_ENUM(name, value, text) name = value,
    MTP_STATUS_LIST(MTP_STATUS_ENUM)
#undef MTP_STATUS_ENUM
} mtp_status;

enum { MTP_ERROR_SOURCE = 256, MTP_ERROR_COLUMN = 64, MTP_ERROR_MESSAGE = 512 };

/**
 * One problem, with its place where it has one. Text is UTF-8, cut at a code point.
 * Shown as `SOURCE:LINE: column 'COLUMN': MESSAGE`, without the parts that are empty;
 * in a table that has no lines, as `SOURCE: row ROW: column 'COLUMN': MESSAGE`; in an
 * analysis file as `SOURCE:LINE:POSITION: MESSAGE`.
 */
typedef struct mtp_error {
    mtp_status status;
    size_t line;                   /* 1-based line of the source; 0: none */
    size_t row;                    /* 1-based row of a table without lines; 0: none */
    char source[MTP_ERROR_SOURCE]; /* file name as given; "" : none */
    char column[MTP_ERROR_COLUMN]; /* column name; "" : none */
    char message[MTP_ERROR_MESSAGE];
    size_t position; /* 1-based character of the line; 0: none */
} mtp_error;

enum { MTP_PROBLEMS_KEPT = 20 };

/** What a reader found wrong: the first problems in full, and how many there were. The
 * caller zeroes it before the first use: mtp_problems problems = {0}. */
typedef struct mtp_problems {
    size_t count; /* all problems; the first min(count, MTP_PROBLEMS_KEPT) are kept */
    mtp_error item[MTP_PROBLEMS_KEPT];
} mtp_problems;

/** The name of a status code, such as "MTP_E_DATA", and its description. Never NULL. */
MTP_API const char *mtp_status_name(mtp_status status);
MTP_API const char *mtp_status_text(mtp_status status);

/**
 * Write an error the way the tool shows it, NUL-terminated, cut to size bytes.
 * @return the length that the whole text has, like snprintf
 */
MTP_API size_t mtp_error_format(const mtp_error *err, char *buffer, size_t size);

/* Notes: warnings that are part of a result. X(enum, id, severity) */
#define MTP_NOTE_LIST(X)                                                               \
    X(MTP_NOTE_METHOD_SELECTED, "method_selected", MTP_INFO)                           \
    X(MTP_NOTE_ZERO_CELLS_CORRECTED, "zero_cells_corrected", MTP_INFO)                 \
    X(MTP_NOTE_ROWS_EXCLUDED, "rows_excluded", MTP_WARNING)                            \
    X(MTP_NOTE_SE_FROM_LIMITS, "se_from_limits", MTP_INFO)                             \
    X(MTP_NOTE_ASYMMETRIC_LIMITS, "asymmetric_limits", MTP_WARNING)                    \
    X(MTP_NOTE_SE_FROM_TEST, "se_from_test", MTP_INFO)                                 \
    X(MTP_NOTE_EFFECT_FROM_STATISTIC, "effect_from_statistic", MTP_INFO)               \
    X(MTP_NOTE_SD_FROM_SE, "sd_from_se", MTP_INFO)                                     \
    X(MTP_NOTE_MEAN_ESTIMATED, "mean_estimated", MTP_INFO)                             \
    X(MTP_NOTE_SD_ESTIMATED, "sd_estimated", MTP_INFO)                                 \
    X(MTP_NOTE_SKEWED, "skewed", MTP_WARNING)                                          \
    X(MTP_NOTE_SINGLE_STUDY, "single_study", MTP_WARNING)                              \
    X(MTP_NOTE_TWO_STUDIES, "two_studies", MTP_WARNING)                                \
    X(MTP_NOTE_TAU2_ZERO, "tau2_zero", MTP_INFO)                                       \
    X(MTP_NOTE_TAU2_TRUNCATED, "tau2_truncated", MTP_INFO)                             \
    X(MTP_NOTE_RHO_ONE, "rho_one", MTP_WARNING)                                        \
    X(MTP_NOTE_MULTIPLE_MODES, "multiple_modes", MTP_WARNING)                          \
    X(MTP_NOTE_HKSJ_NARROWER, "hksj_narrower", MTP_WARNING)                            \
    X(MTP_NOTE_HKSJ_ZERO_SE, "hksj_zero_se", MTP_WARNING)                              \
    X(MTP_NOTE_INTERVAL_CENTRE, "interval_centre", MTP_INFO)                           \
    X(MTP_NOTE_INTERVAL_UNION, "interval_union", MTP_WARNING)                          \
    X(MTP_NOTE_FEW_DF, "few_df", MTP_WARNING)                                          \
    X(MTP_NOTE_FEW_CLUSTERS, "few_clusters", MTP_WARNING)                              \
    X(MTP_NOTE_CLUSTER_ALONE, "cluster_alone", MTP_WARNING)                            \
    X(MTP_NOTE_SCALE_VANISHED, "scale_vanished", MTP_WARNING)                          \
    X(MTP_NOTE_SELECTION_LIMIT, "selection_limit", MTP_WARNING)                        \
    X(MTP_NOTE_BOOTSTRAP, "bootstrap", MTP_INFO)                                       \
    X(MTP_NOTE_PI_UNDEFINED, "pi_undefined", MTP_INFO)                                 \
    X(MTP_NOTE_PI_INSIDE_CI, "pi_inside_ci", MTP_WARNING)                              \
    X(MTP_NOTE_INTERVAL_EXCLUDES, "interval_excludes_estimate", MTP_INFO)              \
    X(MTP_NOTE_INTERVAL_EMPTY, "interval_empty", MTP_WARNING)                          \
    X(MTP_NOTE_UNBOUNDED, "unbounded", MTP_WARNING)                                    \
    X(MTP_NOTE_NO_FINITE_ESTIMATE, "no_finite_estimate", MTP_WARNING)                  \
    X(MTP_NOTE_NO_INFORMATION, "no_information", MTP_INFO)                             \
    X(MTP_NOTE_NO_INFORMATION_IN_Q, "no_information_in_q", MTP_INFO)                   \
    X(MTP_NOTE_FREEMAN_TUKEY, "freeman_tukey", MTP_WARNING)                            \
    X(MTP_NOTE_BACK_CLIPPED, "back_transform_clipped", MTP_WARNING)                    \
    X(MTP_NOTE_EXTREME_VARIANCES, "extreme_variances", MTP_WARNING)                    \
    X(MTP_NOTE_NOT_DEFINED, "not_defined", MTP_INFO)                                   \
    X(MTP_NOTE_QUADRATURE, "quadrature", MTP_INFO)                                     \
    X(MTP_NOTE_CRUDE_SHARES, "crude_shares", MTP_INFO)                                 \
    X(MTP_NOTE_EXPECTED_SMALL, "expected_small", MTP_WARNING)                          \
    X(MTP_NOTE_LEVEL_CONFOUNDED, "level_confounded", MTP_WARNING)                      \
    X(MTP_NOTE_NO_EFFECT_LEVEL, "no_effect_level", MTP_INFO)                           \
    X(MTP_NOTE_EMPTY_MARGIN, "empty_margin", MTP_WARNING)                              \
    X(MTP_NOTE_SMALL_TEXT, "small_text", MTP_WARNING)                                  \
    X(MTP_NOTE_FONT_SUBSTITUTED, "font_substituted", MTP_WARNING)                      \
    X(MTP_NOTE_MODERATOR_MISSING, "moderator_missing", MTP_WARNING)                    \
    X(MTP_NOTE_ALIASED_COLUMN, "aliased_column", MTP_WARNING)                          \
    X(MTP_NOTE_FEW_STUDIES, "few_studies_per_moderator", MTP_WARNING)                  \
    X(MTP_NOTE_FEW_FOR_ASYMMETRY, "few_studies_for_asymmetry", MTP_WARNING)            \
    X(MTP_NOTE_MIXED_DIRECTIONS, "mixed_directions", MTP_WARNING)                      \
    X(MTP_NOTE_NO_ANSWER, "no_answer", MTP_WARNING)                                    \
    X(MTP_NOTE_ONE_SIDE, "one_side", MTP_WARNING)                                      \
    X(MTP_NOTE_EXTRAPOLATED, "extrapolated", MTP_WARNING)                              \
    X(MTP_NOTE_ROUNDING_CLIPPED, "rounding_clipped", MTP_WARNING)

typedef enum mtp_severity { MTP_INFO, MTP_WARNING } mtp_severity;

typedef enum mtp_note_code {
#define MTP_NOTE_ENUM(name, id, severity) name,
    MTP_NOTE_LIST(MTP_NOTE_ENUM)
#undef MTP_NOTE_ENUM
        MTP_NOTE_COUNT
} mtp_note_code;

typedef struct mtp_note {
    mtp_note_code code;
    mtp_severity severity;
    size_t row;       /* 1-based data row of the table it speaks of; 0: none */
    const char *text; /* one sentence, UTF-8 */
} mtp_note;

/** The notes of a result, in the order in which they arose; owned by the result. */
typedef struct mtp_notes {
    size_t count;
    const mtp_note *item;
} mtp_notes;

/** The stable id of a note, such as "hksj_narrower". Never NULL. */
MTP_API const char *mtp_note_id(mtp_note_code code);

#ifdef __cplusplus
}
#endif

#endif
