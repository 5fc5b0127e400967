/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_DELETION_H
#define MTP_MODELS_DELETION_H

#include "metapool/regress.h"

#include "core/arena.h"
#include "models/regress_job.h"

/**
 * The normal-normal model of some studies, one mean or p columns: what mtp_pool and
 * mtp_regress compute of it, in double-double, in the units of yi.
 */
typedef struct mtp_deletion_fit {
    mtp_regress_job job; /* its point, block, studies and tau2 */
    size_t p;
    mtp_dd *beta; /* [p] */
    mtp_dd *cov;  /* [p * p] by the model */
    mtp_dd tau2;  /* units of vi */
    double Q;
    mtp_sums at_tau2; /* in the studies' unit */
} mtp_deletion_fit;

/**
 * Fit all studies but one.
 *
 * @param moderators  NULL: one mean
 * @param without     the study left out; effects->k: none
 * @param arena       holds the fit, which must not be moved
 * @return MTP_OK; MTP_E_DATA where there is no fit of these studies; MTP_E_NOMEM
 */
mtp_status mtp_deletion_fit_make(const mtp_effects *effects,
                                 const mtp_moderators *moderators,
                                 const mtp_regress_options *options, size_t without,
                                 mtp_arena *arena, mtp_deletion_fit *fit,
                                 mtp_error *err);

/** The moderators of study i; {1} without any. */
const double *mtp_deletion_row(const mtp_moderators *moderators, size_t i);

#endif
