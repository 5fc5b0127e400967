/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_EXPLAIN_H
#define METAPOOL_EXPLAIN_H

#include "metapool/analysis.h"
#include "metapool/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file explain.h
 * The worked solution of an analysis: every formula in symbols, then with the studies'
 * numbers, then its value, from raw data to the prediction interval. A person can check
 * each line by hand: the numbers that it shows give the value that it shows.
 *
 * Threads: may be called from several threads at once on different requests.
 */

/**
 * Pool a table, or fit a meta-regression where the request has moderators, and write
 * how the result comes about.
 *
 * Every line is computed from the formula that it shows and compared with the analysis.
 * One that disagrees is left out, and the text says so: an error of metapool.
 * @param request        made for MTP_COMMAND_EXPLAIN
 * @param format         MTP_FORMAT_TEXT, MTP_FORMAT_MARKDOWN (LaTeX between dollar
 *                       signs) or MTP_FORMAT_HTML (a page with MathML)
 * @param text           out: NUL-terminated UTF-8, freed with mtp_text_free
 * @param length         out, may be NULL: bytes before the NUL
 * @param disagreements  out, may be NULL: lines that were left out
 * @param bundle         out, may be NULL: the analysis, freed with mtp_bundle_free
 * @param problems       as in mtp_run
 * @return MTP_OK, also when no estimate exists; MTP_E_ARG for another format, and for a
 *         study to work that the analysis has not; else as mtp_run, with the outputs
 *         untouched
 */
MTP_API mtp_status mtp_explain(const mtp_request *request, const mtp_table *table,
                               mtp_format format, char **text, size_t *length,
                               size_t *disagreements, mtp_bundle **bundle,
                               mtp_problems *problems, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
