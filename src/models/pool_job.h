/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_POOL_JOB_H
#define MTP_MODELS_POOL_JOB_H

#include "metapool/multilevel.h"
#include "metapool/pool.h"

#include "core/arena.h"
#include "core/notes.h"
#include "models/mixed.h"
#include "models/normal.h"
#include "models/pool_notes.h"
#include "models/pool_sets.h"
#include "models/stratified.h"

/** What the stages of one pooling share. */
typedef struct mtp_pool_job {
    const mtp_effects *effects;
    const mtp_grouping *grouping;
    mtp_pool_options options;
    mtp_arena *arena;
    mtp_note_list notes;
    mtp_pool_sets sets;
    mtp_noted_set *noted;           /* [n_sets] */
    mtp_pooled *pooled;             /* [n_sets] */
    mtp_error *error;               /* [n_sets] */
    mtp_study_point *point;         /* [2 k]: all studies, then sorted by subgroup */
    mtp_shared_tau2 *shared;        /* NULL: each subgroup its own tau2 */
    mtp_shared_mixed *shared_mixed; /* the same of a GLMM */
    mtp_center *center;             /* [n_sets] Mantel-Haenszel and Peto, else NULL */
    mtp_multilevel_result *nested;  /* of nested levels, else NULL */
} mtp_pool_job;

/** The model of nested levels in place of one random effect a study: one set, into
 *  job->nested, which whoever owns the job frees. */
mtp_status mtp_pool_fit_nested(mtp_pool_job *job, mtp_error *err);
/** What nested levels do not have. */
mtp_status mtp_pool_check_nested(const mtp_pool_options *options,
                                 const mtp_grouping *grouping, mtp_error *err);

/** Percent weights of every study in the result. */
mtp_status mtp_pool_add_weights(const mtp_pool_job *job, mtp_pool_result *result,
                                mtp_error *err);
/** Copies of the user's weights and clusters for the options of the result. */
mtp_status mtp_pool_keep_columns(mtp_pool_job *job, mtp_error *err);

/** Names of the subgroups in the result's arena; the subgroups themselves. */
mtp_status mtp_pool_name_groups(mtp_pool_job *job, mtp_pool_result *result);
/** Tests between and within subgroups. */
mtp_status mtp_pool_test_groups(const mtp_pool_job *job, mtp_pool_result *result);

#endif
