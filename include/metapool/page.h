/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_PAGE_H
#define METAPOOL_PAGE_H

#include "metapool/analysis.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file page.h
 * A meta-analysis as one page of HTML: the answer, the figures, the studies,
 * heterogeneity, sensitivity, small-study effects, methods with their references, and
 * the JSON of all of it. The page needs nothing else, and no network.
 */

/**
 * Pool a table, ask how far the result holds, and write the page.
 *
 * The page has the studies that `pool` has with the same options. A further analysis
 * without an answer is said to have none, and the page stands.
 * @param request   made for MTP_COMMAND_PAGE
 * @param text      out: NUL-terminated UTF-8, freed with mtp_text_free
 * @param length    out, may be NULL: bytes before the NUL
 * @param pool      out, may be NULL: the pooled analysis, freed with mtp_bundle_free
 * @param problems  as in mtp_run
 * @return MTP_OK, also when no overall estimate exists; else as mtp_run, with the
 *         outputs untouched
 */
MTP_API mtp_status mtp_page(const mtp_request *request, const mtp_table *table,
                            char **text, size_t *length, mtp_bundle **pool,
                            mtp_problems *problems, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
