/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_LINT_H
#define METAPOOL_LINT_H

#include "metapool/analysis.h"
#include "metapool/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file lint.h
 * Doubts about a study table, by numbered rule: what spreadsheets and typing do to
 * numbers and names, and what cannot be, or hardly, in the figures of studies.
 */

typedef enum mtp_lint_severity {
    MTP_LINT_INFO,    /* worth knowing; often as it should be */
    MTP_LINT_WARNING, /* probably wrong, or in need of a decision */
    MTP_LINT_ERROR,   /* wrong, or in the way of an analysis */
} mtp_lint_severity;

/** "info", "warning", "error". */
MTP_API const char *mtp_lint_severity_id(mtp_lint_severity severity);

/** A rule. All text is static, UTF-8. */
typedef struct mtp_lint_rule {
    const char *id;   /* "L103": it never changes */
    const char *name; /* "thousands-separator" */
    mtp_lint_severity severity;
    bool needs_roles;   /* it asks what a column is (--events, --sei, ...) */
    const char *reason; /* one sentence */
    const char *remedy; /* the way out */
    const char *source; /* authors (year), DOI; or "" */
} mtp_lint_rule;

/** The rules in the order of their ids; index < mtp_lint_rule_count(). */
MTP_API size_t mtp_lint_rule_count(void);
MTP_API const mtp_lint_rule *mtp_lint_rule_get(size_t index);
/** A rule by its id or name, in any case; NULL if there is none. */
MTP_API const mtp_lint_rule *mtp_lint_rule_find(const char *id_or_name);

/** One doubt. Rows are those of the table, from 1; 0: none. */
typedef struct mtp_lint_finding {
    const mtp_lint_rule *rule;
    size_t row, line;             /* where it shows (first); line 0: none */
    size_t other_row, other_line; /* a second row that it is about; 0: none */
    const char *column;           /* or NULL */
    const char *study;            /* its label; NULL without --study */
    size_t count;                 /* cells or rows that are like it, >= 1 */
    const char *evidence;         /* the figures that show it */
} mtp_lint_finding;

typedef enum mtp_lint_status {
    MTP_LINT_FOUND,
    MTP_LINT_CLEAN,
    MTP_LINT_NOT_APPLICABLE, /* the table, or the request, has nothing that it is about
                              */
    MTP_LINT_IGNORED,        /* by --ignore or --only */
} mtp_lint_status;

/** "found", "clean", "not_applicable", "ignored". */
MTP_API const char *mtp_lint_status_id(mtp_lint_status status);

typedef struct mtp_lint_result {
    const char *source; /* as in mtp_ledger */
    const char *sha256;
    size_t rows, columns;
    const mtp_measure_info *measure; /* NULL: no roles were given */
    size_t n_options;
    const mtp_effective_option *options; /* those that were given */
    mtp_lint_severity fail_on;           /* meaningless where `never` */
    bool never;                          /* --fail-on never */
    bool failed;                         /* a finding is at or above fail_on */
    size_t count[3];                     /* findings by severity */
    size_t n_findings;
    const mtp_lint_finding *finding; /* by severity, the gravest first; then by rule and
                                        row */
    size_t n_rules;
    const mtp_lint_status *status; /* [n_rules] by index of the rule */
    const size_t *found; /* [n_rules] findings, those not listed too: of a rule
                            at most 50 are */
} mtp_lint_result;

/**
 * Look at a table by all rules.
 *
 * Rules that need roles look at the columns that the options of the request name, as
 * `pool` would. What stops such an analysis is a finding, no failure.
 * @param request  made for MTP_COMMAND_LINT
 * @param table    best read with mtp_table_options.forgiving
 * @param reading  what the reader found (problems with the status MTP_OK); may be NULL
 * @param result   out, freed with mtp_lint_result_free; untouched on failure. The table
 *                 may be freed before
 * @return MTP_OK, whatever was found; MTP_E_ARG, MTP_E_UNSUPPORTED (usage); MTP_E_DATA
 *         for a column that the table does not have; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_lint(const mtp_request *request, const mtp_table *table,
                            const mtp_problems *reading, mtp_lint_result **result,
                            mtp_error *err);
MTP_API void mtp_lint_result_free(mtp_lint_result *result);

/** Write it, as mtp_report does with a bundle. */
MTP_API mtp_status mtp_lint_report(const mtp_lint_result *result, mtp_format format,
                                   const mtp_report_options *options, char **text,
                                   size_t *length, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
