/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_INTERNAL_H
#define MTP_MODELS_GLMM_INTERNAL_H

#include "core/dd.h"
#include "models/glmm.h"
#include "num/quadrature.h"

/**
 * What the files of the mixed models of one count a study share. Symbols, per study:
 *   x events, m patients (binomial) or person-time (Poisson), y = m - x
 *   eta = mu + tau z linear predictor, z standard normal; v = tau2
 *   mu = offset + row'beta its mean; with one mean offset = 0 and row = 1
 *   p, q = 1 - p probability of an event at eta; Poisson: p = 0, q = 1
 *   S(eta) = x - E(x | eta) score, w(eta) = Var(x | eta) information
 */

/* Studies that are equal are one entry. */
typedef struct mtp_glmm_study {
    double x, m, y;
    double offset;
    const double *row; /* [p] */
    double times;      /* how many studies are like this */
    double saturated;  /* log P(x | its own rate) */
    double eta;        /* last conditional mode: where the next search starts */
} mtp_glmm_study;

typedef struct mtp_glmm_sample {
    mtp_glmm_kind kind;
    size_t k;     /* studies */
    size_t count; /* distinct ones */
    size_t p;     /* columns */
    mtp_glmm_study *study;
    mtp_dd *sum;               /* [p + 1] room for sums of the gradient */
    mtp_dd events, size, rest; /* one mean: sums of x, m, y */
} mtp_glmm_sample;

/** A sample of k studies with room for its sums; the studies are not set. */
mtp_status mtp_glmm_sample_make(mtp_glmm_kind kind, size_t k, size_t p,
                                mtp_arena *arena, mtp_glmm_sample *sample,
                                mtp_error *err);

/** A study by itself, without offset and row. */
mtp_glmm_study mtp_glmm_study_of(mtp_glmm_kind kind, double x, double m);

/** One mean: sort the studies, merge equal ones, and set the sums of x, m and y. The
 * order of the rows is gone from here on. */
void mtp_glmm_sample_arrange(mtp_glmm_sample *sample);

/** One mean: the sample of k studies by their counts, arranged. */
mtp_status mtp_glmm_sample_read(mtp_glmm_kind kind, size_t k, const double x[],
                                const double m[], mtp_arena *arena,
                                mtp_glmm_sample *sample, mtp_error *err);

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

/** What a study has at a linear predictor. */
typedef struct mtp_glmm_predictor {
    double p, q, w, score, mean;
    double rate; /* p, or the Poisson rate */
} mtp_glmm_predictor;

mtp_glmm_predictor mtp_glmm_predictor_at(mtp_glmm_kind kind,
                                         const mtp_glmm_study *study, double eta);

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

/* A marginal log-likelihood at (beta, tau > 0), its gradient and Hessian. */
typedef struct mtp_glmm_value {
    double tau, loglik;
    double *beta;     /* [p] */
    double *gradient; /* [p + 1], tau last */
    double *hessian;  /* [(p + 1) * (p + 1)] */
} mtp_glmm_value;

bool mtp_glmm_value_make(size_t p, mtp_arena *arena, mtp_glmm_value *value);
void mtp_glmm_value_copy(size_t p, const mtp_glmm_value *from, mtp_glmm_value *to);

/** Evaluate a mtp_glmm_sample at value->beta, value->tau; the loglik has all constants.
 */
void mtp_glmm_evaluate(void *sample, const mtp_glmm_rule *rule, mtp_glmm_value *value);

/** log P(x | x / m), the study's part of the saturated log-likelihood. */
double mtp_glmm_saturated(mtp_glmm_kind kind, const mtp_glmm_study *study);

/** log P(x | x / m) - log P(x | p), given score = x - m p. Poisson: rate p, no q. */
double mtp_glmm_deviance(mtp_glmm_kind kind, const mtp_glmm_study *study, double p,
                         double q, double score);

/** Information of a study at its own rate, x y / m (Poisson: x): its weight in Wald's
 * test. 0 without events, or with nothing else. */
double mtp_glmm_wald_weight(mtp_glmm_kind kind, const mtp_glmm_study *study);

/** The closed forms of one mean: common effect, saturated log-likelihood, Q_wald, LRT.
 */
void mtp_glmm_closed_forms(const mtp_glmm_sample *sample, mtp_glmm_fit *fit);

/**
 * d loglik / d tau2 at tau = 0 and the common mean, (sum S^2 - w) / 2, and its sign, in
 * closed form: positive where the maximum is not there.
 */
double mtp_glmm_boundary_slope(const mtp_glmm_sample *sample, int *sign);

/**
 * A likelihood of (beta, tau), and what a search for its maxima needs to know.
 * log_area and informative bound it: it is at most
 *   exp(log_area - informative log(tau sqrt(2 pi))).
 */
typedef struct mtp_glmm_problem {
    size_t p;
    void (*evaluate)(void *of, const mtp_glmm_rule *rule, mtp_glmm_value *value);
    void *of;
    /* the common model: tau = 0 */
    const double *beta; /* [p] */
    double loglik;
    double slope;       /* d loglik / d tau2 there */
    int sign;           /* of the slope; 0 where it cannot be told from 0 */
    double information; /* the largest w of a study there */
    double log_area, informative;
    bool no_tau; /* the data say nothing about tau: it is 0 */
} mtp_glmm_problem;

/** log_area and informative of a sample: the density of eta is at most
 * 1 / (tau sqrt(2 pi)), so a study's likelihood is at most that times the integral of
 * P(x | eta) over eta, which is m / (x y) (Poisson: 1 / x), and at most 1 without
 * events or with nothing else. */
void mtp_glmm_bound(const mtp_glmm_sample *sample, mtp_glmm_problem *problem);

/* Newton's method in (beta, log tau): one step from a value. */
typedef struct mtp_glmm_newton {
    double *by;     /* [p + 1] of beta, and of log tau */
    double size;    /* relative in tau, or in standard deviations if that is more */
    double *matrix; /* [(p + 1) * (p + 1)] room */
} mtp_glmm_newton;

/** @return false where the log-likelihood is not concave */
bool mtp_glmm_newton_step(size_t p, const mtp_glmm_value *at, mtp_glmm_newton *step);

/* A value on the profile over beta, or near it, and how the profile goes on from there.
 */
typedef struct mtp_glmm_station {
    mtp_glmm_value at;
    double *left;       /* [p] the Newton step of beta that is left at this tau */
    double *along;      /* [p] d beta / d tau of the profile */
    double slope, bend; /* along log tau; NaN: no profile, too few nodes */
} mtp_glmm_station;

/** Everything but the value, which must be there. matrix [p * p] is room.
 * @return left in standard deviations, NaN without a profile */
double mtp_glmm_station_set(size_t p, mtp_glmm_station *here, double *matrix);

/** vcov [(p + 1) * (p + 1)] of (beta, tau) from the Hessian, which is spoilt.
 * @return false where the log-likelihood is not concave */
bool mtp_glmm_covariance(size_t p, mtp_glmm_value *at, double *vcov);

/** What the search found. */
typedef struct mtp_glmm_maxima {
    double tau, loglik;
    const double *beta; /* [p] */
    const double *vcov; /* [(p + 1) * (p + 1)] of (beta, tau); NULL at tau = 0 */
    bool climbs;        /* higher than every maximum where tau is beyond
                           all sense, and climbing */
    bool converged;
    size_t iterations;
    size_t n_modes;
    mtp_mode modes[MTP_MODES_MAX];          /* `estimate` is beta[0] */
    const double *mode_beta[MTP_MODES_MAX]; /* [p] of each */
} mtp_glmm_maxima;

/**
 * Find all local maxima over tau >= 0, in increasing tau, and the highest of them.
 * @param arena  what `maxima` points to is in it
 */
mtp_status mtp_glmm_search(const mtp_glmm_problem *problem, int nodes, mtp_arena *arena,
                           mtp_glmm_maxima *maxima, mtp_error *err);

#endif
