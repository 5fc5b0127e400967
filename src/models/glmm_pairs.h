/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_PAIRS_H
#define MTP_MODELS_GLMM_PAIRS_H

#include "models/glmm_pair.h"
#include "models/glmm_two_group.h"

/**
 * The studies of an unconditional model, and which of its parameters a search is over.
 * Each parameter (glmm_pair.h) is one of
 *   own     a study's own: found anew for every study at every point, and eliminated
 *   part    in the search's beta; sigma and tau as their logarithms
 *   scale   the search's tau: sigma or tau
 *   fixed   what `at` says
 */
typedef struct mtp_pairs {
    mtp_glmm_kind kind;
    size_t k;     /* studies */
    size_t count; /* distinct ones */
    mtp_pair *pair;
    double c[2]; /* of theta */
    int own;     /* or -1 */
    size_t p;
    int part[MTP_PAIR_PARTS];
    int scale;
    double at[MTP_PAIR_PARTS];
    double last[2]; /* beta[0] and scale where the own parameters were last found */
    double slope_sigma2, slope_tau2; /* of the last value */
} mtp_pairs;

/** The studies of two groups, sorted, equal ones merged; `informative` leaves out those
 * without events, or with nothing else. */
mtp_status mtp_pairs_make(mtp_glmm_kind kind, const mtp_two_groups *groups,
                          bool informative, mtp_arena *arena, mtp_pairs *pairs,
                          mtp_error *err);

/** mtp_glmm_problem.evaluate of a mtp_pairs; tau = 0 too. */
void mtp_pairs_evaluate(void *of, const mtp_glmm_rule *rule, mtp_glmm_value *value);

/** Newton's method in a study's own parameter; `value` is at the maximum but for the
 * last step, whose gradient is in it. Uses pair->own, at[pairs->own]. */
void mtp_pairs_find_own(const mtp_pairs *pairs, mtp_pair *pair,
                        const mtp_glmm_rule *rule, double at[MTP_PAIR_PARTS],
                        mtp_pair_value *value);

/** Forget where the own parameters and modes were: they start from the counts. */
void mtp_pairs_reset(mtp_pairs *pairs);

/** The saturated model of random study effects: a theta for each study. Sets
 * saturated_*, LRT (which needs common_loglik) and Q_wald. */
mtp_status mtp_pairs_saturated(mtp_pairs *pairs, int nodes, mtp_arena *arena,
                               mtp_two_group_fit *fit, mtp_error *err);

/** Find maxima over pairs->scale from the model where it is 0, at beta. Sets
 * pairs->slope_*; `loglik` is that model's. */
mtp_status mtp_pairs_search(mtp_pairs *pairs, const double beta[], double loglik,
                            int nodes, mtp_arena *arena, mtp_glmm_maxima *maxima,
                            mtp_error *err);

#endif
