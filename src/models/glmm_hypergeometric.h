/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_HYPERGEOMETRIC_H
#define MTP_MODELS_GLMM_HYPERGEOMETRIC_H

#include "core/arena.h"
#include "models/glmm_two_group.h"

/**
 * The conditional logistic-normal model with the exact likelihood (CM.EL for OR): given
 * their sum s_i = x1_i + x2_i, the events of group 1 follow Fisher's non-central
 * hypergeometric distribution with the odds ratio exp(theta_i),
 *   P(x1 = u | s) ~ C(n1, u) C(n2, s - u) exp(u theta_i),  theta_i ~ N(theta, tau2).
 * What the studies' own risks are does not matter: they have dropped out.
 * Sources: van Houwelingen, Zwinderman & Stijnen (1993), Stat Med 12:2273-2284,
 * doi:10.1002/sim.4780122405; Stijnen, Hamza & Ozdemir (2010), Stat Med 29:3046-3067,
 * doi:10.1002/sim.4040.
 *
 * Maximum likelihood of (theta, tau), all local maxima over tau. A study whose sum
 * leaves x1 no choice (no events, or nothing else) carries nothing: it counts in
 * fit->uninformative, and df, Q_wald and the information criteria are of the others.
 * Q_wald is that of the studies' own conditional estimates; those with x1 at an end of
 * its range have none.
 *
 * @param groups  events x1, x2 and patients m1, m2, whole numbers
 * @param nodes   0: converged integral; 1..100: adaptive Gauss-Hermite with that many
 * @param scratch freed back to its mark on return
 * @return MTP_OK, also when fit->exists is false; MTP_E_DATA when a count is not whole;
 *         MTP_E_NOMEM
 * The order of the studies changes no bit. Cost: a study's likelihood at one theta
 * takes as many steps as x1 has standard deviations there, times about 20.
 */
mtp_status mtp_glmm_fit_hypergeometric(const mtp_two_groups *groups, int nodes,
                                       mtp_arena *scratch, mtp_two_group_fit *fit,
                                       mtp_error *err);

#endif
