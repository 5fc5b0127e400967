/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_H
#define MTP_MODELS_GLMM_H

#include "metapool/pool.h"

#include "core/arena.h"

/**
 * One-group generalized linear mixed models by maximum likelihood:
 *   binomial-normal: x_i ~ Binomial(n_i, p_i), logit p_i = mu + tau z_i, z_i ~ N(0, 1)
 *   Poisson-normal:  x_i ~ Poisson(lambda_i t_i), log lambda_i = mu + tau z_i
 * Sources: Stijnen, Hamza & Ozdemir (2010), Stat Med 29:3046-3067,
 * doi:10.1002/sim.4040; Pinheiro & Bates (1995), JCGS 4:12-35,
 * doi:10.1080/10618600.1995.10474663 (adaptive Gauss-Hermite quadrature).
 */
typedef enum mtp_glmm_kind { MTP_GLMM_BINOMIAL, MTP_GLMM_POISSON } mtp_glmm_kind;

typedef struct mtp_glmm_fit {
    /* false: no finite maximum. All x = 0, or all x = n: everything below is NaN. Each
     * x is 0 or n, with both: tau has none; the common effect and the tests are there.
     */
    bool exists;
    /* common effect: tau = 0 */
    double common_mu, common_se, common_loglik;
    /* maximum likelihood of (mu, tau); tau = 0 exactly at the boundary */
    double mu, se, tau, tau2, loglik;
    double se_tau; /* NaN at the boundary */
    double saturated_loglik;
    double Q_wald;        /* Wald test that all studies share one mean */
    double LRT;           /* 2 (saturated - common log-likelihood), >= 0 */
    size_t uninformative; /* studies that carry nothing into Q_wald (x = 0, x = n) */
    size_t iterations;    /* of Newton's method, all maxima together */
    bool converged; /* false: too few nodes for these data; then, if there are no modes
                       of their own, the maximum of the converged integral */
    size_t n_modes; /* local maxima over tau >= 0, in increasing tau2 */
    mtp_mode modes[MTP_MODES_MAX];
} mtp_glmm_fit;

/**
 * @param x, m   [k] events, and patients (binomial) or person-time (Poisson)
 * @param nodes  0: converged integral; 1..100: adaptive Gauss-Hermite with that many
 * @param scratch  freed back to its mark on return
 * @return MTP_OK (also when fit->exists is false); MTP_E_NOMEM
 * The order of the studies changes no bit: they are sorted first.
 */
mtp_status mtp_glmm_fit_one_group(mtp_glmm_kind kind, size_t k, const double x[],
                                  const double m[], int nodes, mtp_arena *scratch,
                                  mtp_glmm_fit *fit, mtp_error *err);

/** The common effect and the tests alone, in closed form; `exists` is false. */
mtp_status mtp_glmm_common_effect(mtp_glmm_kind kind, size_t k, const double x[],
                                  const double m[], mtp_arena *scratch,
                                  mtp_glmm_fit *fit, mtp_error *err);

/**
 * The log-likelihood over tau2 at its best mean for each, of a sample whose fit exists.
 * @param tau2      [n] finite, >= 0
 * @param loglik    [n] out: with all constants
 * @param estimate  [n] out: the mean at that tau2
 */
mtp_status mtp_glmm_profile_one_group(mtp_glmm_kind kind, size_t k, const double x[],
                                      const double m[], int nodes, size_t n,
                                      const double tau2[], double loglik[],
                                      double estimate[], mtp_arena *scratch,
                                      mtp_error *err);

#endif
