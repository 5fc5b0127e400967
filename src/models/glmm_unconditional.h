/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_UNCONDITIONAL_H
#define MTP_MODELS_GLMM_UNCONDITIONAL_H

#include "models/glmm.h"
#include "models/glmm_two_group.h"

/**
 * Unconditional models of the counts of two groups: logistic regression of patients, or
 * Poisson regression of events over person-time, with random effects
 *
 *   eta_i1 = a_i + (theta + u_i) / 2,  eta_i2 = a_i - (theta + u_i) / 2,
 *   u_i ~ N(0, tau2),
 *
 * where the a_i are k parameters (fixed study effects, UM.FS), or a_i ~ N(alpha,
 * sigma2), independent of u_i (random study effects, UM.RS). By maximum likelihood.
 * Sources: Turner, Omar, Yang, Goldstein & Thompson (2000), Stat Med 19:3417-3432;
 * Stijnen, Hamza & Ozdemir (2010), Stat Med 29:3046-3067, doi:10.1002/sim.4040;
 * Jackson, Law, Stijnen, Viechtbauer & White (2018), Stat Med 37:1059-1085,
 * doi:10.1002/sim.7588, models 4 and 5.
 *
 * UM.FS: studies without events, or with nothing else, carry nothing: they count in
 * fit->uninformative, and neither in df nor in the information criteria. Q_wald
 * is that of the log odds (rate) ratios of the studies whose cells all have counts.
 * UM.RS: every study counts. The saturated model has a theta for each study and random
 * a_i for group 2; Q_wald is the Wald test of equal thetas in it.
 *
 * @param random_studies  UM.RS
 * @param nodes    0: converged integrals; 1: Laplace's approximation; 1..100: adaptive
 *                 Gauss-Hermite quadrature with that many nodes for each random effect
 * @param scratch  freed back to its mark on return
 * @return MTP_OK, also when fit->exists is false; MTP_E_NOMEM
 * The order of the studies changes no bit: they are sorted first.
 */
mtp_status mtp_glmm_fit_unconditional(mtp_glmm_kind kind, const mtp_two_groups *groups,
                                      bool random_studies, int nodes,
                                      mtp_arena *scratch, mtp_two_group_fit *fit,
                                      mtp_error *err);

#endif
