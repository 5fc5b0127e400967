/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_VERIFY_H
#define METAPOOL_VERIFY_H

#include "metapool/analysis_file.h"
#include "metapool/report.h"
#include "metapool/snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file verify.h
 * Judge the published figures of an analysis file: recompute each and compare it, at
 * the precision at which it was printed.
 */

/* X(enum, id, label) */
#define MTP_VERDICT_LIST(X)                                                            \
    X(MTP_VERDICT_PASS, "pass", "rounds to the printed figure")                        \
    X(MTP_VERDICT_ROUNDING, "rounding", "one unit of the last printed place off")      \
    X(MTP_VERDICT_MISMATCH, "mismatch", "another figure")                              \
    X(MTP_VERDICT_NOT_COMPUTED, "not_computed", "there is no such figure")             \
    X(MTP_VERDICT_EXPECTED, "expected", "a known exception that the file explains")

typedef enum mtp_verdict {
#define MTP_VERDICT_ENUM(name, id, label) name,
    MTP_VERDICT_LIST(MTP_VERDICT_ENUM)
#undef MTP_VERDICT_ENUM
        MTP_VERDICT_COUNT
} mtp_verdict;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_verdict_id(mtp_verdict verdict);
MTP_API const char *mtp_verdict_label(mtp_verdict verdict);
MTP_API int mtp_verdict_from_id(const char *id);

enum { MTP_SETTINGS_MAX = 4 };

/** An option of the analysis set otherwise. */
typedef struct mtp_setting {
    const char *option, *value; /* "tau2", "DL" */
} mtp_setting;

/** A claim and what became of it. */
typedef struct mtp_judged {
    const mtp_claim *claim;
    double claimed;    /* the printed figure */
    double computed;   /* on the printed scale; NaN where it could not be computed */
    double difference; /* computed - claimed; NaN alike */
    mtp_verdict verdict;
    const char *note;  /* why it was not computed, what is expected, what slip would
                          explain a mismatch; or NULL */
    bool searched;     /* whether other choices of the analysis were tried */
    size_t ways;       /* sets of as many choices that give the printed figure */
    size_t n_settings; /* 0: none of those tried gives it */
    const mtp_setting *settings; /* the first of them that keeps most other claims */
} mtp_judged;

typedef struct mtp_verification {
    const mtp_analysis_file *file;
    size_t count[MTP_VERDICT_COUNT];
    size_t n_claims;
    const mtp_judged *claims;                /* in the order of the file */
    size_t n_analyses;                       /* that were run: those with claims */
    const mtp_snapshot_comparison *snapshot; /* or NULL */
} mtp_verification;

typedef struct mtp_verify_options {
    size_t size; /* sizeof(mtp_verify_options); set by _init */
    bool search; /* for what does not hold, find choices that give it; default false */
    unsigned threads; /* of the search; they change nothing that is found; default 1 */
} mtp_verify_options;

/** Defaults. @param size  sizeof *options, of which no more is written */
MTP_API void mtp_verify_options_init(mtp_verify_options *options, size_t size);

/**
 * Run the analyses of a file that have claims and judge each claim. An analysis that
 * fails leaves its claims not computed, with its message as their note.
 *
 * The search tries each option that changes a number at its other values, then two
 * options together, then three and four of model, estimator, interval and zero-cell
 * rule. The fewest changes that give every figure of the analysis that does not hold
 * win; if none does, each figure has the fewest that give it.
 *
 * @param file          must outlive the result
 * @param options       NULL: defaults
 * @param verification  out, freed with mtp_verification_free; untouched on failure
 * @return MTP_OK; MTP_E_DATA: a table that is missing or whose SHA-256 differs, a
 *         printed text that is no figure; MTP_E_IO; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_verify(const mtp_analysis_file *file,
                              const mtp_verify_options *options,
                              mtp_verification **verification, mtp_problems *problems,
                              mtp_error *err);
MTP_API void mtp_verification_free(mtp_verification *verification);

/** Report the comparison with a snapshot too; borrowed, it must outlive the reports.
 *  NULL takes it away. */
MTP_API void mtp_verification_set_snapshot(mtp_verification *verification,
                                           const mtp_snapshot_comparison *snapshot);

/** Whether nothing is an unexpected mismatch or not computed, and no snapshot differs.
 */
MTP_API bool mtp_verification_holds(const mtp_verification *verification);

/* X(enum, id, label) */
#define MTP_VERIFY_FORMAT_LIST(X)                                                      \
    X(MTP_VERIFY_TEXT, "text", "for people")                                           \
    X(MTP_VERIFY_JSON, "json", "metapool.verify/1")                                    \
    X(MTP_VERIFY_CSV, "csv", "a row for each claim")                                   \
    X(MTP_VERIFY_MARKDOWN, "markdown", "for the summary of a job")                     \
    X(MTP_VERIFY_HTML, "html", "a page that needs nothing else")                       \
    X(MTP_VERIFY_JUNIT, "junit", "XML of test cases, a claim each")                    \
    X(MTP_VERIFY_TAP, "tap", "Test Anything Protocol, version 13")

typedef enum mtp_verify_format {
#define MTP_VERIFY_FORMAT_ENUM(name, id, label) name,
    MTP_VERIFY_FORMAT_LIST(MTP_VERIFY_FORMAT_ENUM)
#undef MTP_VERIFY_FORMAT_ENUM
        MTP_VERIFY_FORMAT_COUNT
} mtp_verify_format;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_verify_format_id(mtp_verify_format format);
MTP_API const char *mtp_verify_format_label(mtp_verify_format format);
MTP_API int mtp_verify_format_from_id(const char *id);

/**
 * Write a verification.
 * @param options  NULL: defaults; of text
 * @param text     out: NUL-terminated UTF-8, freed with mtp_text_free
 * @param length   out, may be NULL: bytes before the NUL
 * @return MTP_OK; MTP_E_NOMEM, with the outputs untouched
 */
MTP_API mtp_status mtp_verify_report(const mtp_verification *verification,
                                     mtp_verify_format format,
                                     const mtp_report_options *options, char **text,
                                     size_t *length, mtp_error *err);

/**
 * Write several: text and Markdown one after the other, JUnit with a suite each, TAP
 * with one plan, JSON as a list. CSV and HTML are of one alone.
 * @param n  one or more; of one it is mtp_verify_report
 * @return as mtp_verify_report; MTP_E_ARG for CSV and HTML of several
 */
MTP_API mtp_status mtp_verify_report_all(size_t n,
                                         const mtp_verification *const verification[],
                                         mtp_verify_format format,
                                         const mtp_report_options *options, char **text,
                                         size_t *length, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
