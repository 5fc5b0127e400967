/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_INTERNAL_H
#define MTP_MODELS_GLMM_INTERNAL_H

#include "core/dd.h"
#include "models/glmm.h"
#include "num/quadrature.h"

/**
 * What the files of the one-group mixed models share. Symbols, per study:
 *   x events, m patients (binomial) or person-time (Poisson), y = m - x
 *   eta = mu + tau z linear predictor, z standard normal; v = tau2
 *   p, q = 1 - p probability of an event at eta; Poisson: p = 0, q = 1
 *   S(eta) = x - E(x | eta) score, w(eta) = Var(x | eta) information
 */

/* Studies that are equal are one entry. */
typedef struct mtp_glmm_study {
    double x, m, y;
    double times;     /* how many studies are like this */
    double saturated; /* log P(x | its own rate) */
    double eta;       /* last conditional mode: where the next search starts */
} mtp_glmm_study;

typedef struct mtp_glmm_sample {
    mtp_glmm_kind kind;
    size_t k;     /* studies */
    size_t count; /* distinct ones */
    mtp_glmm_study *study;
    mtp_dd events, size, rest; /* sums of x, m, y */
} mtp_glmm_sample;

/* Derivatives with respect to (mu, tau). */
typedef struct mtp_jet {
    double m, t, mm, mt, tt;
} mtp_jet;

/**
 * A study's posterior of z at (mu, tau): its mode z0, the scale of its curvature there,
 * s = (1 + v w)^(-1/2), and how both move.
 */
typedef struct mtp_glmm_frame {
    double p, q, w;
    double rate;        /* p; Poisson: the rate */
    double z, s, score; /* z0 = tau S(eta0), s, S(eta0) */
    double mean;        /* m min(p, q); Poisson: E(x | eta0) */
    mtp_jet eta_jet, z_jet, s_jet, sigma_jet, log_s_jet; /* sigma = tau s */
} mtp_glmm_frame;

/** Find the conditional mode, to the last bit, and how it moves; sets study->eta. */
void mtp_glmm_frame_at(mtp_glmm_kind kind, mtp_glmm_study *study, double mu, double tau,
                       mtp_glmm_frame *frame);

/** The jets of a frame that has z, s, score and w, given dw / d eta and d2w / d eta2:
 * of any likelihood whose score S has the derivative -w. */
void mtp_glmm_frame_jets(double tau, double w1, double w2, mtp_glmm_frame *frame);

/**
 * A quadrature rule over t = (z - z0) / s: pairs -t, t with one factor, and a centre.
 * nodes > 0: Gauss-Hermite. nodes 0: trapezoidal, to where a pair adds nothing.
 */
typedef struct mtp_glmm_rule {
    int nodes;
    bool slopes_only;        /* leave the log-likelihood itself out */
    double step, negligible; /* trapezoidal: of the standard step; of the sum so far */
    int pairs;               /* Gauss-Hermite */
    double centre;           /* factor of t = 0, or 0 */
    double t[MTP_HERMITE_MAX / 2], factor[MTP_HERMITE_MAX / 2];
} mtp_glmm_rule;

void mtp_glmm_rule_init(mtp_glmm_rule *rule, int nodes);

/* The marginal log-likelihood at (mu, tau), its gradient and Hessian. */
typedef struct mtp_glmm_point {
    double mu, tau;
    double loglik;
    mtp_jet d;
} mtp_glmm_point;

/** Evaluate at (mu, tau > 0); the loglik has all constants. */
void mtp_glmm_evaluate(mtp_glmm_sample *sample, const mtp_glmm_rule *rule, double mu,
                       double tau, mtp_glmm_point *point);

/** log P(x | x / m), the study's part of the saturated log-likelihood. */
double mtp_glmm_saturated(mtp_glmm_kind kind, const mtp_glmm_study *study);

/** log P(x | x / m) - log P(x | p), given score = x - m p. Poisson: rate p, no q. */
double mtp_glmm_deviance(mtp_glmm_kind kind, const mtp_glmm_study *study, double p,
                         double q, double score);

/** Information of a study at its own rate, x y / m (Poisson: x): its weight in Wald's
 * test. 0 without events, or with nothing else. */
double mtp_glmm_wald_weight(mtp_glmm_kind kind, const mtp_glmm_study *study);

/**
 * The closed forms: common effect, saturated log-likelihood, Q_wald, LRT.
 * @return the sign of d loglik / d tau2 at tau = 0: positive where the maximum is not
 * there
 */
int mtp_glmm_closed_forms(const mtp_glmm_sample *sample, mtp_glmm_fit *fit);

/** d loglik / d tau2 at tau = 0: (sum S^2 - w) / 2 at the common mu. */
double mtp_glmm_boundary_slope(const mtp_glmm_sample *sample);

/**
 * Find all local maxima over tau >= 0, in increasing tau, and set the fit to the
 * highest. Needs the closed forms in fit; boundary_sign is what they returned.
 */
void mtp_glmm_search(mtp_glmm_sample *sample, int nodes, int boundary_sign,
                     mtp_glmm_fit *fit);

#endif
