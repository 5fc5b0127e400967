/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_SELECTION_LIKELIHOOD_H
#define MTP_BIAS_SELECTION_LIKELIHOOD_H

#include "bias/selection_weight.h"

/**
 * The likelihood of a selection model over (gamma, tau2, theta), with the means Z gamma
 * in columns Z that are orthogonal.
 */
typedef struct mtp_selection_problem {
    size_t k, p, n;               /* n = p + 1 + rule.q parameters */
    const double *y, *v, *root_v; /* [k] */
    const double *Z;              /* [k * p] */
    mtp_selection_rule rule;
    mtp_selection_weights observed; /* at the p-values of the studies */
    mtp_selection_grid grid;
} mtp_selection_problem;

typedef struct mtp_selection_point {
    double loglik;              /* -inf where an A_i is 0 in doubles */
    double *gradient, *hessian; /* [n], [n * n] */
    double *log_a;              /* [k] log A_i */
    double *moments;            /* scratch [5 + 3 q + q^2] */
} mtp_selection_point;

/** false without memory */
bool mtp_selection_point_make(const mtp_selection_problem *problem, mtp_arena *arena,
                              mtp_selection_point *point);

/** The log-likelihood with all constants but that of w, and its derivatives. */
void mtp_selection_evaluate(mtp_selection_problem *problem, const double at[],
                            mtp_selection_point *point);

#endif
