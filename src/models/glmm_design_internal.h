/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_DESIGN_INTERNAL_H
#define MTP_MODELS_GLMM_DESIGN_INTERNAL_H

#include "models/glmm_internal.h"

/** What the files of mixed models with moderators share; the sample's rows are those of
 * orthogonal columns. */

/**
 * Is there a combination of columns that tells events from non-events, so that no
 * finite maximum exists?
 * @param direction  out, [p]: along which beta runs off; only where separated
 */
mtp_status mtp_glmm_separated(const mtp_glmm_sample *sample, mtp_arena *scratch,
                              double *direction, bool *separated, mtp_error *err);

/** The common model, tau = 0: a generalized linear model. */
typedef struct mtp_glmm_common {
    double *beta;         /* [p] */
    double *vcov;         /* [p * p] */
    double half_deviance; /* saturated - common log-likelihood */
    double slope;         /* d loglik / d tau2: (sum S^2 - w) / 2 */
    int sign;             /* of the slope; 0 within rounding */
    double information;   /* the largest w */
    bool converged;
} mtp_glmm_common;

/** Newton's method; leaves each study's eta at the maximum. */
mtp_status mtp_glmm_fit_common(mtp_glmm_sample *sample, mtp_arena *arena,
                               mtp_glmm_common *common, mtp_error *err);

/** Wald's test that the studies' own log odds (rates) are those of the common model,
 * at whose maximum each study's eta is. */
mtp_status mtp_glmm_wald_test(const mtp_glmm_sample *sample, mtp_arena *scratch,
                              double *Q, mtp_error *err);

#endif
