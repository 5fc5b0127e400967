/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_PAIR_H
#define MTP_MODELS_GLMM_PAIR_H

#include "models/glmm_internal.h"

/**
 * The likelihood of the two counts of a study under random effects z1 of the study and
 * z2 of the difference between its groups, both standard normal. Group j = 0, 1 has
 * the linear predictor
 *
 *   eta_j = a + c_j theta + sigma z1 + d_j tau z2,   d = (1/2, -1/2).
 *
 * c is d, or (1, 0) where a is to be the predictor of group 2. sigma = 0 leaves one
 * random effect, tau = 0 too none.
 * Sources: Turner, Omar, Yang, Goldstein & Thompson (2000), Stat Med 19:3417-3432,
 * doi:10.1002/1097-0258(20001230)19:24<3417::AID-SIM614>3.0.CO;2-L; Jackson, Law,
 * Stijnen, Viechtbauer & White (2018), Stat Med 37:1059-1085, doi:10.1002/sim.7588,
 * models 4 and 5.
 */
enum { MTP_PAIR_A, MTP_PAIR_THETA, MTP_PAIR_SIGMA, MTP_PAIR_TAU, MTP_PAIR_PARTS };

typedef struct mtp_pair {
    mtp_glmm_study arm[2];
    double times;    /* how many studies are like this */
    double z[2];     /* last conditional mode: where the next search starts */
    double own;      /* the parameter that is the study's own, if there is one */
    double along[2]; /* how it went with the others when it was last found */
} mtp_pair;

/* Log-likelihood of a study with its derivatives along the parameters. */
typedef struct mtp_pair_value {
    double loglik;
    double gradient[MTP_PAIR_PARTS];
    double hessian[MTP_PAIR_PARTS][MTP_PAIR_PARTS];
    /* along sigma2 and tau2, also where these are 0; of the converged integral */
    double slope_sigma2, slope_tau2;
} mtp_pair_value;

/* The mode of (z1, z2), and the likelihood around it. */
typedef struct mtp_pair_frame {
    int effects;             /* random effects: 0, 1, 2 */
    int part[2];             /* 0: study, 1: group; of the first `effects` */
    double e[2][2];          /* d eta_j / d z of effect r: e[j][r] */
    double z[2];             /* of effect r */
    double h[2][2];          /* - d2 log integrand / dz dz' */
    mtp_glmm_predictor p[2]; /* of the groups */
    double left[2]; /* what rounding has left of the gradient of the log integrand */
} mtp_pair_frame;

/** Find the mode, to the last bit; sets pair->z. */
void mtp_pair_frame_at(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                       const double at[MTP_PAIR_PARTS], mtp_pair_frame *frame);

/** Log of the integrand at the mode, without the normal density's constants. */
double mtp_pair_peak(mtp_glmm_kind kind, const mtp_pair *pair,
                     const mtp_pair_frame *frame);

/* A group at eta + d: what the log-likelihood falls short of its tangent at eta, K >=
 * 0, and its derivatives there, l1 the score, l2 = -w, ... */
typedef struct mtp_arm_node {
    double K, l1, l2, l3, l4;
} mtp_arm_node;

void mtp_arm_node_at(mtp_glmm_kind kind, double m, const mtp_glmm_predictor *p,
                     double d, mtp_arm_node *node);

/** The converged integral, by the trapezoidal rule about the mode. */
void mtp_pair_integral(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                       const mtp_glmm_rule *rule, const double at[MTP_PAIR_PARTS],
                       mtp_pair_value *value);

/** Adaptive Gauss-Hermite quadrature, rule->nodes along each random effect. */
void mtp_pair_hermite(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                      const mtp_glmm_rule *rule, const double at[MTP_PAIR_PARTS],
                      mtp_pair_value *value);

#endif
