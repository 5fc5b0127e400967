/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MIXED_TWO_GROUPS_H
#define MTP_MODELS_MIXED_TWO_GROUPS_H

#include "core/arena.h"
#include "models/estimate.h"
#include "models/glmm_two_group.h"

/** options->model of a set's cells, from pool_sets.h. */
mtp_status mtp_fit_two_groups(const mtp_study_set *set, const mtp_pool_options *options,
                              mtp_arena *scratch, mtp_two_group_fit *fit,
                              mtp_error *err);

#endif
