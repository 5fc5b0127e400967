/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_CONDITIONAL_H
#define MTP_MODELS_GLMM_CONDITIONAL_H

#include "models/glmm_design.h"
#include "models/glmm_two_group.h"

/**
 * Counts of two groups given their sum: x1 of x1 + x2 with the logit
 *   log(size1 / size2) + theta_i,  theta_i = x_i'beta + tau z_i.
 * Of rates (size = person-time) this is exact: two Poisson counts given their sum
 * (CM.EL for IRR). Of odds (size = patients) it approximates the non-central
 * hypergeometric distribution, well where events are rare (CM.AL for OR).
 * Source: Stijnen, Hamza & Ozdemir (2010), Stat Med 29:3046-3067, doi:10.1002/sim.4040.
 */
typedef struct mtp_glmm_conditional {
    size_t k;                  /* studies with events */
    const size_t *study;       /* [k] which of all these are */
    const double *x, *m;       /* [k] x1, x1 + x2 */
    const double *offset;      /* [k] log(size1 / size2) */
    size_t n_empty;            /* studies without events carry nothing and are out */
    const size_t *empty_study; /* [n_empty] which these are */
} mtp_glmm_conditional;

/** The conditional counts, for mtp_glmm_fit_design with MTP_GLMM_BINOMIAL; in the
 * arena. @return MTP_OK, also for k = 0 (no study has events); MTP_E_NOMEM */
mtp_status mtp_glmm_conditional_make(const mtp_two_groups *groups, mtp_arena *arena,
                                     mtp_glmm_conditional *given, mtp_error *err);

/**
 * The mean theta and tau2 of the conditional model. Studies without events count in
 * fit->uninformative; df, Q_wald and the information criteria are of the others.
 * @param nodes  0: converged integral; 1..100: adaptive Gauss-Hermite with that many
 */
mtp_status mtp_glmm_fit_conditional(const mtp_two_groups *groups, int nodes,
                                    mtp_arena *scratch, mtp_two_group_fit *fit,
                                    mtp_error *err);

#endif
