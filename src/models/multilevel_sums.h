/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MULTILEVEL_SUMS_H
#define MTP_MODELS_MULTILEVEL_SUMS_H

#include "models/multilevel_tree.h"
#include "num/cholesky.h"

/**
 * The likelihood of nested effects at given variances. With Q = y'Py, r = Py and n
 * columns in the basis,
 *
 *   ll = -1/2 [d log 2 pi + log|V| + Q],   d = k;
 *   REML: d = k - p, and in the bracket log|X'V^-1X| - log|X'X| besides;
 *   2 d ll / d sigma2_l = sum over groups of level l of (1'r)^2 - trace_l,
 *   trace_l = sum over groups of 1'V^-1 1 (ML), of 1'P 1 (REML).
 *
 * All in the studies' unit, and variances so too. Source: Harville (1977), J Am Stat
 * Assoc 72:320-338, doi:10.1080/01621459.1977.10480998.
 */
typedef struct mtp_nested_at {
    double sigma2[MTP_LEVELS_MAX];
    double ml, reml; /* log-likelihoods */
    double Q;
    double squares[MTP_LEVELS_MAX], trace[MTP_LEVELS_MAX]; /* of the gradient */
} mtp_nested_at;

/**
 * The log-likelihoods and Q at `at->sigma2`; the means of all groups, the Gram matrix,
 * its factor and gamma are left in `nested`.
 * @return false where weights are so unequal that columns cannot be told apart
 */
bool mtp_nested_value(mtp_nested *nested, mtp_nested_at *at);

/** The parts of the gradient, after mtp_nested_value at the same variances; 1'P1 A of
 *  every group is left in `nested`. */
void mtp_nested_gradient(mtp_nested *nested, bool restricted, mtp_nested_at *at);

/**
 * Second derivatives, after the gradient at the same variances.
 * @param observed  [n_levels^2] out: of the log-likelihood, changed in sign
 * @param average   [n_levels^2] out: the average of observed and expected information
 *                  (Gilmour, Thompson & Cullis (1995), Biometrics 51:1440-1450,
 *                  doi:10.2307/2533274), which is never negative
 */
void mtp_nested_information(mtp_nested *nested, bool restricted,
                            const mtp_nested_at *at, double observed[],
                            double average[]);

/** The outermost groups at the root: with an intercept about their mean, else about 0.
 *  @return sum of their weights */
double mtp_nested_gather_root(const mtp_nested *nested, size_t q, const double means[],
                              double root_mean[], mtp_dd gram[]);

#endif
