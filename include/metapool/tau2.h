/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_TAU2_H
#define METAPOOL_TAU2_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file tau2.h
 * The between-study variance by itself, for callers that need no pooling. Every
 * function may be called from several threads at once.
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
 * that the unit of yi changes no digit. With w = 1 / v, ybar the plain mean, and Q(t) =
 * sum (y - m)^2 / (v + t) about the mean m at these weights:
 *
 *   REML  maximum of the restricted likelihood: Harville (1977), J Am Stat Assoc
 *         72:320-338, doi:10.1080/01621459.1977.10480998; Viechtbauer (2005), J Educ
 *         Behav Stat 30:261-293, doi:10.3102/10769986030003261
 *   ML    maximum of the likelihood: the same
 *   DL    (Q(0) - (k - 1)) / (sum w - sum w^2 / sum w): DerSimonian & Laird (1986),
 *         Control Clin Trials 7:177-188, doi:10.1016/0197-2456(86)90046-2
 *   PM    Q(tau2) = k - 1: Paule & Mandel (1982), J Res Natl Bur Stand 87:377-385,
 *         doi:10.6028/jres.087.022
 *   EB    the same equation: Morris (1983), J Am Stat Assoc 78:47-55,
 *         doi:10.1080/01621459.1983.10477920
 *   HE    sum (y - ybar)^2 / (k - 1) - sum v / k: Hedges & Olkin (1985), Statistical
 *         methods for meta-analysis, ch. 9; Cochran (1954), Biometrics 10:101-129,
 *         doi:10.2307/3001666
 *   HS    (Q(0) - k) / sum w: Hunter & Schmidt (2004), Methods of meta-analysis, 2nd
 *         ed.; as in Viechtbauer (2005)
 *   SJ    t0 Q(t0) / (k - 1), t0 = sum (y - ybar)^2 / k: Sidik & Jonkman (2005), Appl
 *         Stat 54:367-384, doi:10.1111/j.1467-9876.2005.00489.x
 *
 * @param k       >= 1 (k = 1 gives 0)
 * @param yi      [k] finite
 * @param vi      [k] finite, > 0, squared units of yi
 * @param result  out: tau2, raw and se in squared units of yi; untouched on failure
 * @return MTP_OK; MTP_E_ARG for MTP_TAU2_GIVEN; MTP_E_DATA for no studies, and for
 *         values out of range; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_tau2_estimate(mtp_tau2_method method, size_t k,
                                     const double yi[], const double vi[],
                                     mtp_tau2_result *result, mtp_error *err);

/**
 * Q-profile interval of tau2: the t at which Q(t) equals the upper and the lower
 * (1 - level) / 2 quantile of chi-square with k - 1 df.
 * Source: Viechtbauer (2007), Stat Med 26:37-52, doi:10.1002/sim.2514.
 *
 * @param k       >= 1
 * @param yi      [k] finite
 * @param vi      [k] finite, > 0, squared units of yi
 * @param level   confidence level, 0 < level < 1
 * @param lower   out, squared units of yi, >= 0; NaN unless *status is MTP_SET_OK
 * @param upper   out, the same
 * @param status  out: MTP_SET_OK; MTP_SET_EMPTY where Q(0) is below the lower quantile;
 *                MTP_SET_UNDEFINED for k = 1
 * @return MTP_OK, also for an empty set; MTP_E_ARG for the level; MTP_E_DATA for no
 *         studies, and for values out of range; MTP_E_NOMEM. Outputs are untouched on
 *         failure.
 */
MTP_API mtp_status mtp_tau2_qprofile(size_t k, const double yi[], const double vi[],
                                     double level, double *lower, double *upper,
                                     mtp_set_status *status, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
