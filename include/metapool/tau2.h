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
    double loglik; /* at tau2: restricted for REML, else ML; NaN for one study */
    size_t iterations;
    bool truncated;
    size_t n_modes; /* local maxima of the likelihood, in increasing tau2 (ML, REML) */
    mtp_mode modes[MTP_MODES_MAX];
} mtp_tau2_result;

/**
 * Between-study variance of k studies with a common mean.
 *
 * ML and REML search the whole half line and return the global maximum; PM and its kin
 * are the root of Q(tau2) = k - 1, or zero. Inputs are scaled by a power of two first,
 * so that the unit of yi changes no digit. With w = 1 / v, ybar the plain mean, Q(t) =
 * sum (y - m)^2 / (v + t) about the mean m at these weights, and for fixed weights a
 * Q_a = sum a (y - m_a)^2, A = sum a:
 *
 *   REML  maximum of the restricted likelihood: Harville (1977), J Am Stat Assoc
 *         72:320-338, doi:10.1080/01621459.1977.10480998; Viechtbauer (2005), J Educ
 *         Behav Stat 30:261-293, doi:10.3102/10769986030003261
 *   ML    maximum of the likelihood: the same
 *   DL    (Q(0) - (k - 1)) / (sum w - sum w^2 / sum w): DerSimonian & Laird (1986),
 *         Control Clin Trials 7:177-188, doi:10.1016/0197-2456(86)90046-2
 *   PM    Q(tau2) = k - 1: Paule & Mandel (1982), J Res Natl Bur Stand 87:377-385,
 *         doi:10.6028/jres.087.022
 *   PMM   Q(tau2) = median of chi-square with k - 1 df: Viechtbauer (2021),
 *         Median-unbiased estimators for the amount of heterogeneity in meta-analysis,
 *         European Congress of Methodology, Valencia
 *   EB    the equation of PM: Morris (1983), J Am Stat Assoc 78:47-55,
 *         doi:10.1080/01621459.1983.10477920
 *   HE    sum (y - ybar)^2 / (k - 1) - sum v / k: Hedges & Olkin (1985), Statistical
 *         methods for meta-analysis, ch. 9; Cochran (1954), Biometrics 10:101-129,
 *         doi:10.2307/3001666
 *   HS    (Q(0) - k) / sum w: Hunter & Schmidt (2004), Methods of meta-analysis, 2nd
 *         ed.; as in Viechtbauer (2005)
 *   HSk   (k / (k - 1) Q(0) - k) / sum w: Brannick, Potter, Benitez & Morris (2019),
 *         Organ Res Methods 22:490-514, doi:10.1177/1094428117741966
 *   SJ    t0 Q(t0) / (k - 1), t0 = sum (y - ybar)^2 / k: Sidik & Jonkman (2005), Appl
 *         Stat 54:367-384, doi:10.1111/j.1467-9876.2005.00489.x
 *   SJIT  the limit of t -> t Q(t) / (k - 1), which is PM
 *   DLIT  the fixed point of DL at the weights that it gives, which is PM
 *   GENQ  (Q_a - sum a v (1 - a / A)) / (A - sum a^2 / A): DerSimonian & Kacker (2007),
 *         Contemp Clin Trials 28:105-114, doi:10.1016/j.cct.2006.04.004; a = 1 / v, DL,
 *         unless given
 *   GENQM the tau2 at which Q_a exceeds its observed value with probability 1/2, or 0:
 *         Viechtbauer (2021), as PMM
 *   DL2   GENQ at a = 1 / (v + tau2), tau2 by DL: DerSimonian & Kacker (2007)
 *   CA2   the same, tau2 by HE
 *   EE    0 by choice: random effects become the common effect
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
 * The same with weights of the generalized Q.
 *
 * @param method   MTP_TAU2_GENQ or MTP_TAU2_GENQM, any other with NULL weights
 * @param weights  [k] finite, > 0, in any unit; NULL: 1 / vi
 * @return as mtp_tau2_estimate; MTP_E_ARG for weights that the method does not take
 */
MTP_API mtp_status mtp_tau2_estimate_weighted(mtp_tau2_method method, size_t k,
                                              const double yi[], const double vi[],
                                              const double weights[],
                                              mtp_tau2_result *result, mtp_error *err);

/** A set of values of tau2 in squared units of yi: [lower, upper], or segments of it.
 */
typedef struct mtp_tau2_bounds {
    mtp_set_status status;
    double lower, upper; /* NaN unless status is MTP_SET_OK */
    size_t n_segments;   /* profile likelihood: its parts, in increasing order */
    double segments[MTP_MODES_MAX][2];
} mtp_tau2_bounds;

/**
 * Confidence interval of tau2.
 *
 *   qp    Q(tau2) between the quantiles of chi-square with k - 1 df: Viechtbauer
 * (2007), Stat Med 26:37-52, doi:10.1002/sim.2514 j     every tau2 at which neither
 * tail of Q_a, a = 1 / sqrt(v), beyond its observed value is below (1 - level) / 2:
 * Jackson (2013), Res Synth Methods 4:220-229, doi:10.1002/jrsm.1081 bj    the same
 * with a = 1 / v: Biggerstaff & Jackson (2008), Stat Med 27:6093-6110,
 *         doi:10.1002/sim.3428
 *   pl    2 (max ll - ll(tau2)) <= chi-square quantile, 1 df; the likelihood of ML for
 *         that method, of REML for all others: Hardy & Thompson (1996), Stat Med
 *         15:619-629; a union of segments where the profile has several modes
 *   wald  tau2 +- z se by the method, cut at 0
 *
 * j and bj take about 100 passes over the studies for each step of their two equations,
 * some tenths of a second for 10,000 studies; the others a few passes.
 *
 * @param ci      which interval
 * @param method  an estimator, for pl and wald
 * @param level   confidence level, 0 < level < 1
 * @param bounds  out: status MTP_SET_EMPTY where no tau2 agrees with the data (qp, j,
 *                bj), MTP_SET_UNDEFINED for k = 1 and for wald without a standard
 * error; untouched on failure
 * @return MTP_OK, also for an empty set; MTP_E_ARG; MTP_E_DATA as mtp_tau2_estimate;
 *         MTP_E_NOMEM
 */
MTP_API mtp_status mtp_tau2_confidence(mtp_tau2_ci_method ci, mtp_tau2_method method,
                                       size_t k, const double yi[], const double vi[],
                                       double level, mtp_tau2_bounds *bounds,
                                       mtp_error *err);

/** Interval j or bj with any weights: [k] finite, > 0; NULL: 1 / vi. */
MTP_API mtp_status mtp_tau2_generalized_ci(size_t k, const double yi[],
                                           const double vi[], const double weights[],
                                           double level, mtp_tau2_bounds *bounds,
                                           mtp_error *err);

/**
 * The likelihood over tau2, at its best mean for each: what a profile plot shows.
 *
 * @param likelihood  MTP_TAU2_ML or MTP_TAU2_REML
 * @param n           number of points
 * @param tau2        [n] finite, >= 0, squared units of yi, in any order
 * @param loglik      [n] out: with all constants; NaN for k = 1
 * @param estimate    [n] out: the mean at that tau2; may be NULL
 * @return MTP_OK; MTP_E_ARG; MTP_E_DATA as mtp_tau2_estimate; MTP_E_NOMEM; outputs are
 *         untouched on failure
 */
MTP_API mtp_status mtp_tau2_profile(mtp_tau2_method likelihood, size_t k,
                                    const double yi[], const double vi[], size_t n,
                                    const double tau2[], double loglik[],
                                    double estimate[], mtp_error *err);

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
