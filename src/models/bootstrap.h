/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_BOOTSTRAP_H
#define MTP_MODELS_BOOTSTRAP_H

#include "metapool/pool.h"

#include "core/arena.h"
#include "tau2/studies.h"

/** Monte Carlo standard errors of the two limits, in the units of yi. */
typedef struct mtp_bootstrap_error {
    double lower, upper;
} mtp_bootstrap_error;

/**
 * The prediction interval of Nagashima, Noma and Furukawa: quantiles of
 *   mu(t) + z sqrt(t) - s sqrt(Q(t) / ((k - 1) sum w)),
 * t from the confidence distribution of tau2 (tau2_draws.h), z normal, s Student's t
 * with k - 1 degrees of freedom, w = 1 / (v + t), mu and Q the mean and the weighted
 * sum of squares at t. It does not depend on the estimator of tau2. Draw i is made from
 * options->seed and i alone.
 * Source: Nagashima, Noma & Furukawa (2019), Stat Methods Med Res 28:1689-1702,
 * doi:10.1177/0962280218773520.
 *
 * @param studies     of one block, with a degree of freedom
 * @param scratch     holds the draws
 * @param prediction  out: in the units of yi; se NaN
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_bootstrap_prediction(const mtp_studies *studies,
                                    const mtp_pool_options *options, mtp_arena *scratch,
                                    mtp_prediction *prediction,
                                    mtp_bootstrap_error *error);

#endif
