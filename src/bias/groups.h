/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_GROUPS_H
#define MTP_BIAS_GROUPS_H

#include "metapool/effects.h"

#include "core/arena.h"

/** Counts of the studies that are used: x events of n patients in each group. */
typedef struct mtp_bias_counts {
    size_t k;
    size_t *row; /* [k] of each in the effects, from 0 */
    double *x1, *n1, *x2, *n2;
    size_t left_out; /* nobody or everybody had the event */
} mtp_bias_counts;

/**
 * The counts of two groups, from effects->raw.
 * @param all  also studies in which nobody or everybody had the event
 * @return MTP_OK; MTP_E_DATA for a study without counts; MTP_E_NOMEM
 */
mtp_status mtp_bias_counts_of(const mtp_effects *effects, bool all, mtp_arena *arena,
                              mtp_bias_counts *counts, mtp_error *err);

/** The effects of the counts by a measure, without a zero-cell correction where
 *  `corrected` is false; freed by the caller. */
mtp_status mtp_bias_effects_of(const mtp_bias_counts *counts, mtp_measure measure,
                               bool corrected, mtp_effects **effects, mtp_error *err);

/** The patients of study i by group; MTP_E_DATA where they are missing. */
mtp_status mtp_bias_sizes_of(const mtp_effects *effects, size_t i, double *n1,
                             double *n2, mtp_error *err);

#endif
