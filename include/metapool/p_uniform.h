/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_P_UNIFORM_H
#define METAPOOL_P_UNIFORM_H

#include "metapool/pool.h"
#include "metapool/selection.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file p_uniform.h
 * p-uniform*: the mean and tau2 from the density of each effect given whether it is
 * significant. Whatever the probabilities are with which significant and other effects
 * are seen, they drop out, as long as they are the same among each.
 */

typedef struct mtp_p_uniform_options {
    size_t size;             /* sizeof(mtp_p_uniform_options); set by _init */
    mtp_selection_side side; /* of significant effects: greater (default) or less */
    double alpha;            /* of the studies' one-sided tests of 0; default 0.025 */
    mtp_tau2_method tau2;    /* MTP_TAU2_ML (default), or MTP_TAU2_EE: tau2 = 0 */
    double level;            /* of the intervals; default 0.95 */
} mtp_p_uniform_options;

MTP_API void mtp_p_uniform_options_init(mtp_p_uniform_options *options, size_t size);

typedef struct mtp_p_uniform_result {
    size_t k, k_significant;
    bool finite;         /* whether there is a finite maximum */
    double estimate, se; /* NaN without one */
    double ci_lower, ci_upper;
    mtp_test test;        /* likelihood ratio of mean 0, chi-square 1 df */
    double tau2, tau2_se; /* NaN without a maximum; se NaN at 0 */
    double tau2_lower, tau2_upper;
    mtp_test tau2_test;   /* likelihood ratio of tau2 = 0, chi-square 1 df; missing for
                             MTP_TAU2_EE */
    double loglik;        /* its least upper bound where there is no maximum */
    double gradient_norm; /* in the mean and, above 0, tau2 */
    size_t n_modes;       /* local maxima found */
    mtp_notes notes;
    mtp_p_uniform_options options; /* as used; last */
} mtp_p_uniform_result;

/**
 * p-uniform* by maximum likelihood. With c_i = sqrt(v_i) z(alpha) and s_i^2 = v_i +
 * tau2,
 *
 *   l = sum log f_i,  f_i = N(y_i; mu, s_i^2) / (1 - Phi((c_i - mu) / s_i)),  y_i >=
 * c_i f_i = N(y_i; mu, s_i^2) / Phi((c_i - mu) / s_i),        y_i < c_i
 *
 * (less: the same with the signs of all effects changed). For a given tau2, l is
 * concave in mu; its profile over all tau2 >= 0 is scanned, and every maximum of it
 * refined by Newton's method in both. Intervals are all mu, or all tau2, with
 *   2 (max l - max of l over the other) <= chi-square quantile, 1 df.
 * Standard errors are of the observed information.
 *
 * Studies that are all significant, or all not, need not have a finite maximum: as mu
 * goes to -infinity (all not significant: infinity) and tau2 in proportion, their
 * densities become exponential, and l tends to -k (log m + 1), m the mean of |y_i -
 * c_i|. Where l is nowhere higher, estimates are missing and the intervals and tests
 * refer to that bound. An interval that contains the limit has an infinite end.
 *
 * @param k        >= 2
 * @param yi       [k] finite
 * @param vi       [k] finite, > 0
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_p_uniform_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG; MTP_E_DATA as mtp_tau2_estimate; MTP_E_DEGENERATE: fewer
 *         than 2 studies; MTP_E_NOCONV: neither a maximum nor a bound; MTP_E_NOMEM
 * Notes: tau2_zero, multiple_modes, interval_union, no_finite_estimate, unbounded,
 * one_side (no study, or every one, is significant).
 *
 * Source: van Aert & van Assen (2026), Psychon Bull Rev 33,
 * doi:10.3758/s13423-025-02812-4, preprint (2018) doi:10.31222/osf.io/zqjr9.
 */
MTP_API mtp_status mtp_p_uniform(size_t k, const double yi[], const double vi[],
                                 const mtp_p_uniform_options *options,
                                 mtp_p_uniform_result **result, mtp_error *err);
MTP_API void mtp_p_uniform_free(mtp_p_uniform_result *result);

#ifdef __cplusplus
}
#endif

#endif
