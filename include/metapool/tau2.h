/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_TAU2_H
#define METAPOOL_TAU2_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file tau2.h
 * The between-study variance by itself, for callers that need no pooling.
 */

typedef struct mtp_tau2_result {
    double tau2;   /* >= 0 */
    double raw;    /* before truncation at zero (moment estimators); else tau2 */
    double se;     /* NaN where it is not defined */
    double loglik; /* ML, REML; else NaN */
    size_t iterations;
    bool truncated;
    size_t n_modes; /* local maxima of the likelihood, in increasing tau2 (ML, REML) */
    mtp_mode modes[MTP_MODES_MAX];
} mtp_tau2_result;

/**
 * Between-study variance of k studies with a common mean.
 *
 * ML and REML search the whole half line and return the global maximum; PM (= EB) is
 * the root of Q(tau2) = k - 1, or zero. Inputs are scaled by a power of two first, so
 * that the unit of yi changes no digit.
 *
 * @param k   >= 1 (k = 1 gives 0)
 * @param yi  [k] finite;  @param vi [k] finite, > 0
 * @return MTP_OK; MTP_E_ARG for MTP_TAU2_GIVEN; MTP_E_DATA; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_tau2_estimate(mtp_tau2_method method, size_t k,
                                     const double yi[], const double vi[],
                                     mtp_tau2_result *result, mtp_error *err);

/**
 * Q-profile interval of tau2: Q(tau2) equals the chi-square quantiles with k - 1 df.
 * Source: Viechtbauer (2007), Stat Med 26:37-52, doi:10.1002/sim.2514.
 */
MTP_API mtp_status mtp_tau2_qprofile(size_t k, const double yi[], const double vi[],
                                     double level, double *lower, double *upper,
                                     mtp_set_status *status, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
