/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TAU2_ESTIMATE_H
#define MTP_TAU2_ESTIMATE_H

#include "metapool/tau2.h"

#include "core/arena.h"
#include "num/dist.h"
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
 * Fit by any method but MTP_TAU2_GIVEN; GENQ and GENQM with the studies' weights.
 * Without a degree of freedom tau2 is 0 and se and loglik are NaN.
 */
void mtp_tau2_fit_studies(mtp_tau2_method method, const mtp_studies *studies,
                          mtp_tau2_fit *fit);

/** tau2 of the same fit alone, for fits by the million: no se, no log-likelihood. */
mtp_dd mtp_tau2_alone(mtp_tau2_method method, const mtp_studies *studies);

/** Fit by DL with a Q of the caller's. */
void mtp_tau2_fit_with_q(mtp_dd Q, const mtp_studies *studies, mtp_tau2_fit *fit);

/** A fit at a value that was given: no se. */
void mtp_tau2_fit_given(double tau2, const mtp_studies *studies, mtp_tau2_fit *fit);

/** Moment estimators: DL, HE, HS, HSk, SJ, GENQ, DL2, CA2. Sets tau2, raw, se and
 * truncated. */
void mtp_tau2_moment(mtp_tau2_method method, const mtp_studies *studies,
                     mtp_tau2_fit *fit);

/** DL alone; its Q at tau2 = 0 may be taken around other means than those at inverse
 *  variances (NULL: these), which its se then leaves out of account. */
void mtp_tau2_dersimonian_laird(const mtp_studies *studies, const mtp_dd *Q,
                                mtp_tau2_fit *fit);

/** ML and REML: every local maximum, and the highest. */
void mtp_tau2_likelihood(mtp_tau2_method method, const mtp_studies *studies,
                         mtp_tau2_fit *fit);

/** Median-unbiased generalized Q: P(Q_a >= its value) = 1/2 at tau2. */
void mtp_tau2_generalized_median(const mtp_studies *studies, mtp_tau2_fit *fit);

/** ll of ML or REML at t, from the sums at t. */
mtp_dd mtp_log_likelihood(const mtp_studies *studies, bool restricted, mtp_dd t,
                          const mtp_sums *sums);

/** Extrema that a search keeps; variances over 140 decades have no more. */
enum { MTP_EXTREMA_MAX = 128 };

typedef struct mtp_extremum {
    mtp_dd t, loglik;
    double estimate; /* of the mean, units of yi; NaN with several blocks */
    bool maximum;
} mtp_extremum;

/**
 * Every local maximum of the likelihood over t >= 0 in increasing order, 0 among them
 * where the likelihood falls there; with `minima` the local minima between them too.
 * @param evaluations  increased by the number of evaluations of the score
 */
size_t mtp_likelihood_extrema(const mtp_studies *studies, bool restricted, bool minima,
                              mtp_extremum found[MTP_EXTREMA_MAX], size_t *evaluations);

/**
 * The t >= 0 at which Q(t) = target > 0, for Q(0) > target (else 0).
 * @param evaluations  increased by the number of evaluations of Q
 */
mtp_dd mtp_q_root(const mtp_studies *studies, double target, size_t *evaluations);

/** The Q-profile interval, in the studies' unit; NaN limits unless MTP_SET_OK. */
mtp_set_status mtp_q_profile(const mtp_studies *studies, double level, mtp_dd *lower,
                             mtp_dd *upper);

/** The same from the generalized Q at these weights. */
mtp_set_status mtp_generalized_interval(const mtp_studies *studies,
                                        const mtp_weighting *by, double level,
                                        mtp_dd *lower, mtp_dd *upper);

/** P(Q_a >= its observed value), or <=, where tau2 is t (in the studies' unit). */
mtp_tail mtp_generalized_tail(const mtp_studies *studies, const mtp_weighting *by,
                              double t, bool upper);

/** The tau2 >= 0 (in the studies' unit) at which P(Q_a >= its observed value) is
 *  P(Z <= z), Z standard normal; 0 where it is more at 0. */
double mtp_generalized_root(const mtp_studies *studies, const mtp_weighting *by,
                            double z);

/** A set of values of tau2, in the units of vi; NaN limits unless MTP_SET_OK. */
typedef struct mtp_tau2_set {
    mtp_tau2_ci_method method;
    mtp_set_status status;
    mtp_dd limit[2];
    size_t n_segments; /* profile likelihood: its parts, in increasing order */
    mtp_dd segment[MTP_MODES_MAX][2];
} mtp_tau2_set;

/** The interval by any method; `fit` by `estimator` serves wald (its tau2 and se). */
void mtp_tau2_set_by(mtp_tau2_ci_method method, mtp_tau2_method estimator,
                     const mtp_tau2_fit *fit, const mtp_studies *studies, double level,
                     mtp_tau2_set *set);

/** Profile likelihood, in the studies' unit: 2 (max ll - ll) <= chi2(level; 1). */
void mtp_likelihood_set(const mtp_studies *studies, bool restricted, double level,
                        mtp_tau2_set *set);

/** Studies of a caller's arrays in one block; mtp_arena_free(made->arena) frees them.
 */
typedef struct mtp_one_block {
    mtp_arena *arena;
    mtp_study_block block;
    mtp_studies studies;
} mtp_one_block;

mtp_status mtp_one_block_new(size_t k, const double yi[], const double vi[],
                             const double weights[], mtp_one_block *made,
                             mtp_error *err);

#endif
