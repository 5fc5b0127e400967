/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MULTILEVEL_EFFECTS_H
#define MTP_MODELS_MULTILEVEL_EFFECTS_H

#include "models/multilevel_sums.h"

/** A fit: the prepared effects, which hold the groups of its gradient, and where. */
typedef struct mtp_nested_fit {
    mtp_nested *nested;
    mtp_nested_at at;
    int unit; /* of the studies */
    /* What was taken from the effects: centre + 2^unit (mean + Z gamma). */
    double centre;
    mtp_dd mean;
    const mtp_dd *gamma; /* [n] */
} mtp_nested_fit;

/** Coefficients of the moderators and their covariance, in their own units. */
mtp_status mtp_nested_coefficients(const mtp_nested_fit *fit, double beta[],
                                   double vcov[], mtp_error *err);

/** Predictions of the random effects of a level.
 *  @param spread  [groups of the level above] in, [groups] out: variance of the sum of
 *                 the predicted effects around, in the studies' unit */
void mtp_nested_predict(const mtp_nested_fit *fit, size_t l, const double above[],
                        double spread[], double estimate[], double se[]);

/** Figures of each effect, [k] by its index. */
typedef struct mtp_nested_each {
    double *residual, *hat;
    double *weight;         /* percent */
    double *blup, *blup_se; /* the first from the fitted value */
} mtp_nested_each;

/** @param spread  [groups of the last level] of mtp_nested_predict */
void mtp_nested_describe(const mtp_nested_fit *fit, const double spread[],
                         const mtp_nested_each *out);

#endif
