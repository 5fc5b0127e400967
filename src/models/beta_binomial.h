/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_BETA_BINOMIAL_H
#define MTP_MODELS_BETA_BINOMIAL_H

#include "metapool/pool.h"

#include "core/arena.h"

/**
 * The beta-binomial model by maximum likelihood:
 *   x_i ~ Binomial(n_i, p_i),  p_i ~ Beta(a, b),  a = mu / phi,  b = (1 - mu) / phi.
 * mu is the mean of the p_i, rho = phi / (1 + phi) = 1 / (a + b + 1) the correlation of
 * two patients of one study: Var(p_i) = mu (1 - mu) rho. rho = 0 is the binomial.
 * Sources: Skellam (1948), J R Stat Soc B 10:257-261; Griffiths (1973), Biometrics
 * 29:637-648, doi:10.2307/2529131; Kuss (2015), Stat Med 34:1097-1116,
 * doi:10.1002/sim.6383.
 */
typedef struct mtp_beta_binomial_fit {
    /* false: no finite logit(mu), for there are no events, or nothing else; all NaN */
    bool exists;
    /* common probability: rho = 0 */
    double common, common_se, common_loglik; /* of logit(mu) */
    /* maximum likelihood of (logit mu, rho) */
    double logit, se, loglik;
    double rho; /* 0 exactly at that boundary; 1 where each study is all or nothing; NaN
                   where there is one study, or no study has two patients */
    double se_rho; /* NaN at both */
    /* each study its own probability: as in mtp_glmm_fit */
    double Q_wald, LRT;
    size_t uninformative; /* studies that carry nothing into Q_wald */
    size_t iterations;
    bool converged;
    size_t n_modes; /* local maxima over rho, in increasing order; tau2 is rho here */
    mtp_mode modes[MTP_MODES_MAX];
} mtp_beta_binomial_fit;

/**
 * @param x, n    [k] events and patients, whole numbers, 0 <= x <= n
 * @param scratch freed back to its mark on return
 * @return MTP_OK, also when fit->exists is false; MTP_E_DATA when a count is not whole;
 *         MTP_E_NOMEM
 * The order of the studies changes no bit. A study costs the same whatever its n.
 */
mtp_status mtp_beta_binomial_fit_one_group(size_t k, const double x[], const double n[],
                                           mtp_arena *scratch,
                                           mtp_beta_binomial_fit *fit, mtp_error *err);

#endif
