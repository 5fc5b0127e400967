/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_DESIGN_H
#define MTP_MODELS_GLMM_DESIGN_H

#include "models/glmm.h"

/**
 * Generalized linear mixed models of one count a study with moderators and an offset,
 * by maximum likelihood of (beta, tau):
 *   binomial-normal: x_i ~ Binomial(m_i, p_i), logit p_i = eta_i
 *   Poisson-normal:  x_i ~ Poisson(lambda_i m_i), log lambda_i = eta_i
 *   eta_i = offset_i + x_i'beta + tau z_i, z_i ~ N(0, 1)
 * Sources: those of glmm.h; Jackson, Law, Stijnen, Viechtbauer & White (2018), Stat Med
 * 37:1059-1085, doi:10.1002/sim.7588.
 */

/* Why a finite maximum does not exist. */
typedef enum mtp_glmm_obstacle {
    MTP_GLMM_NONE,
    MTP_GLMM_DEFICIENT, /* a column is a combination of those before it: `column` */
    MTP_GLMM_SEPARATED, /* a combination of columns tells events from non-events:
                           `direction`, of which `column` has the largest part */
    MTP_GLMM_EXTREME,   /* so far out that probabilities underflow; `column` has the
                           largest part in it */
    MTP_GLMM_TAU        /* tau runs off: each x is 0 or m, and no tau is the best */
} mtp_glmm_obstacle;

typedef struct mtp_glmm_design_fit {
    size_t k, p;
    bool exists;        /* false: everything about (beta, tau) is NaN */
    bool common_exists; /* false: the common model and LRT are NaN too */
    mtp_glmm_obstacle obstacle;
    size_t column;           /* deficient, separated, extreme: which one */
    const double *direction; /* [p] separated: the likelihood climbs for ever along
                                beta + s direction, s -> infinity; else all 0 */
    /* maximum likelihood of (beta, tau); tau = 0 exactly at the boundary */
    const double *beta; /* [p] */
    const double *vcov; /* [p * p] of beta: from the joint observed information of
                           (beta, tau); at the boundary that of the common model */
    double tau, tau2, se_tau, loglik; /* se_tau NaN at the boundary */
    /* common model: tau = 0 */
    const double *common_beta, *common_vcov;
    double common_loglik;
    double saturated_loglik;
    double Q_wald; /* Wald test of the saturated against the common model: residual sum
                      of squares of the studies' own log odds (rates), weighted */
    double LRT;    /* 2 (saturated - common log-likelihood), >= 0 */
    double df;     /* of both: k - p */
    size_t uninformative; /* studies that carry nothing into Q_wald (x = 0, x = m) */
    size_t iterations;
    bool converged; /* as in mtp_glmm_fit */
    size_t n_modes; /* local maxima over tau >= 0, in increasing tau2; `estimate` is the
                       first coefficient */
    mtp_mode modes[MTP_MODES_MAX];
    const double *mode_beta; /* [n_modes * p] */
} mtp_glmm_design_fit;

/**
 * @param x, m    [k] counts, and patients (binomial) or person-time (Poisson)
 * @param offset  [k], or NULL: none
 * @param matrix       [k * p] row by row, finite; NULL with p = 1: a column of ones
 * @param nodes   0: converged integral; 1..100: adaptive Gauss-Hermite with that many
 * @param arena   the arrays of the fit are in it; scratch is given back on return
 * @return MTP_OK, also when no maximum exists (fit->obstacle says why); MTP_E_NOMEM
 * Columns are made orthogonal first (double-double), so that neither their units nor
 * their origin cost digits. The order of the studies changes no bit.
 */
mtp_status mtp_glmm_fit_design(mtp_glmm_kind kind, size_t k, const double x[],
                               const double m[], const double offset[], size_t p,
                               const double matrix[], int nodes, mtp_arena *arena,
                               mtp_glmm_design_fit *fit, mtp_error *err);

#endif
