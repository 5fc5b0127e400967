/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_POOL_SETS_H
#define MTP_MODELS_POOL_SETS_H

#include "metapool/pool.h"

#include "core/arena.h"
#include "models/estimate.h"

/** The sets of studies to pool: set 0 is all of them in their order, set 1 + g is
 *  subgroup g, a slice of the same columns sorted by subgroup. */
typedef struct mtp_pool_sets {
    size_t n_sets; /* 1 + subgroups */
    const mtp_study_set *set;
    const size_t *start; /* [subgroups + 1] in the sorted order */
} mtp_pool_sets;

/**
 * @param grouping  NULL: no subgroups
 * @param arena     holds the sets
 * @return MTP_OK; MTP_E_ARG for a subgroup without studies; MTP_E_DATA for studies
 *         without the counts that options->method needs; MTP_E_NOMEM
 */
mtp_status mtp_pool_sets_make(const mtp_effects *effects, const mtp_grouping *grouping,
                              const mtp_pool_options *options, mtp_arena *arena,
                              mtp_pool_sets *sets, mtp_error *err);

#endif
