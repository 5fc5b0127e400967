/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_SEARCH_H
#define MTP_AUDIT_SEARCH_H

#include "metapool/verify.h"

#include "core/arena.h"

/**
 * Which other choices of an analysis give the printed figures: each option that changes
 * a number, its other values one by one, then two together, then up to four of model,
 * estimator, interval and zero-cell rule. The fewest changes that give all the figures
 * in question win, of these the one that keeps most of the analysis's other claims; if
 * none gives all, each figure has the fewest that give it.
 *
 * @param judged  [n] claims of the analysis; those that are MISMATCH, or EXPECTED with
 *                a figure, are searched for. Out: their `ways` and `settings`, in the
 *                arena
 * @return MTP_OK, also where nothing is found; MTP_E_NOMEM
 */
mtp_status mtp_search_settings(mtp_workspace *workspace,
                               const mtp_file_analysis *analysis, unsigned threads,
                               size_t n, mtp_judged *const judged[], mtp_arena *arena,
                               mtp_error *err);

#endif
