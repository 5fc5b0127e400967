/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MULTILEVEL_SEARCH_H
#define MTP_MODELS_MULTILEVEL_SEARCH_H

#include "models/multilevel_sums.h"

/** Likelihoods of more effects hardly have several maxima: they are searched with fewer
 *  points. */
enum { MTP_NESTED_MANY = 1000 };

/** What is maximized over which variances; the others stay where they start. */
typedef struct mtp_nested_problem {
    mtp_nested *nested;
    bool restricted;
    bool free[MTP_LEVELS_MAX];
} mtp_nested_problem;

/**
 * From at->sigma2 >= 0 up to a local maximum: Newton steps, by the average information
 * where the observed is not positive, halved until the likelihood rises. A variance is
 * 0 where the likelihood falls from 0.
 * @return the log-likelihood there; -infinity where there is none
 */
double mtp_nested_climb(const mtp_nested_problem *problem, mtp_nested_at *at);

/**
 * Every local maximum that the maxima of a grid lead to, the highest first.
 * @param range  in the studies' unit, of the effects: no variance is looked for above
 *               its square
 * @return how many, 0 where the likelihood exists nowhere
 */
size_t mtp_nested_maxima(const mtp_nested_problem *problem, const double fixed[],
                         double range, mtp_nested_at found[MTP_MODES_MAX]);

/**
 * The profile-likelihood interval of the variance of a level.
 * @param found  [n_found] of mtp_nested_maxima
 * @param se     of the variance in the first of them, to start from; NaN: none
 * @param range  as in mtp_nested_maxima
 */
void mtp_nested_profile(const mtp_nested_problem *problem, size_t level,
                        const mtp_nested_at found[], size_t n_found, double se,
                        double range, double confidence, double limits[2]);

/** ML or REML of an evaluation. */
static inline double mtp_nested_loglik(const mtp_nested_problem *problem,
                                       const mtp_nested_at *at)
{
    return problem->restricted ? at->reml : at->ml;
}

#endif
