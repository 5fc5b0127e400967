/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_TWO_GROUP_H
#define MTP_MODELS_GLMM_TWO_GROUP_H

#include "metapool/pool.h"

/**
 * Generalized linear mixed models of counts in two groups: what goes in and what comes
 * out of each of them. theta is the log odds ratio (binomial) or the log ratio of rates
 * (Poisson) of group 1 to group 2, tau2 the variance of the studies' thetas.
 *   unconditional, fixed or random study effects  glmm_unconditional.h
 *   conditional, approximate (OR) or exact (IRR)  glmm.h
 *   conditional, exact (OR)                       glmm_hypergeometric.h
 * Source: Stijnen, Hamza & Ozdemir (2010), Stat Med 29:3046-3067, doi:10.1002/sim.4040;
 * Jackson, Law, Stijnen, Viechtbauer & White (2018), Stat Med 37:1059-1085,
 * doi:10.1002/sim.7588.
 */
typedef struct mtp_two_groups {
    size_t k;
    const double *x1, *x2; /* [k] events */
    const double *m1, *m2; /* [k] patients (binomial) or person-time (Poisson) */
} mtp_two_groups;

typedef struct mtp_two_group_fit {
    /* false: no finite maximum over (theta, tau), and all but the common effect is NaN
     */
    bool exists;
    bool common_exists; /* false: no finite theta at tau = 0 either */
    /* common effect: tau = 0 */
    double common, common_se, common_loglik;
    double common_alpha, common_sigma2; /* of the random study effects; else NaN */
    /* maximum likelihood; tau2 = 0 exactly at the boundary */
    double theta, se, tau, tau2, loglik; /* loglik with all constants */
    double se_tau2;                      /* NaN at the boundary */
    double alpha, sigma2;                /* of the random study effects; else NaN */
    /* each study its own theta */
    double saturated_loglik;
    double saturated_alpha, saturated_sigma2; /* random study effects; else NaN */
    double Q_wald;                            /* Wald test of equal thetas */
    double LRT; /* 2 (saturated - common log-likelihood), >= 0 */
    double df;  /* of both, k - 1 */
    /* for the information criteria */
    double parameters;      /* estimated with tau2 */
    double observations;    /* counts the likelihood is of: 2 k unconditional, k else */
    size_t uninformative;   /* studies that carry nothing into theta and tau2 */
    size_t uninformative_Q; /* studies that carry nothing into Q_wald */
    size_t iterations;
    bool converged;
    size_t n_modes; /* local maxima over tau >= 0, in increasing tau2 */
    mtp_mode modes[MTP_MODES_MAX];
} mtp_two_group_fit;

/** The fit before anything is known: nothing exists, figures are NaN, counts 0. */
mtp_two_group_fit mtp_two_group_fit_start(size_t k);

#endif
