/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_SELECTION_LIKELIHOOD_H
#define MTP_BIAS_SELECTION_LIKELIHOOD_H

#include "bias/climb.h"
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
    double *log_a;   /* [k] log A_i at the last evaluation */
    double *moments; /* scratch [5 + 3 q + q^2] */
} mtp_selection_problem;

/** Room for log_a and moments; false without memory */
bool mtp_selection_problem_make(mtp_arena *arena, mtp_selection_problem *problem);

/** The log-likelihood with all constants but that of w, and its derivatives. -inf where
 *  an A_i is 0 in doubles. problem: mtp_selection_problem */
void mtp_selection_evaluate(void *problem, const double at[], mtp_climb_point *point);

#endif
