/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TAU2_ESTIMATE_H
#define MTP_TAU2_ESTIMATE_H

#include "metapool/tau2.h"

#include "tau2/studies.h"
#include "tau2/sums.h"

/**
 * Kernels of the between-study variance over prepared studies. They allocate nothing,
 * cannot fail, and give tau2 as a double-double, so that what is made of it is rounded
 * once. Variances are in the studies' unit here, in units of vi in mtp_tau2_result.
 */

/** A fit: tau2 to all its digits beside the public result. */
typedef struct mtp_tau2_fit {
    mtp_dd tau2;            /* in the studies' unit, >= 0 */
    mtp_tau2_result result; /* in the units of vi */
} mtp_tau2_fit;

/**
 * Fit by any method but MTP_TAU2_GIVEN. Without a degree of freedom tau2 is 0 and
 * se and loglik are NaN.
 */
void mtp_tau2_fit_studies(mtp_tau2_method method, const mtp_studies *studies,
                          mtp_tau2_fit *fit);

/** Moment estimators: DL, HE, HS, SJ. Sets tau2, raw, se and truncated. */
void mtp_tau2_moment(mtp_tau2_method method, const mtp_studies *studies,
                     mtp_tau2_fit *fit);

/** ML and REML: every local maximum, and the highest. */
void mtp_tau2_likelihood(mtp_tau2_method method, const mtp_studies *studies,
                         mtp_tau2_fit *fit);

/**
 * The t >= 0 at which Q(t) = target > 0, for Q(0) > target (else 0).
 * @param evaluations  increased by the number of evaluations of Q
 */
mtp_dd mtp_q_root(const mtp_studies *studies, double target, size_t *evaluations);

/** The Q-profile interval, in the studies' unit; NaN limits unless MTP_SET_OK. */
mtp_set_status mtp_q_profile(const mtp_studies *studies, double level, mtp_dd *lower,
                             mtp_dd *upper);

#endif
