/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_BLUP_H
#define METAPOOL_BLUP_H

#include "metapool/pool.h"
#include "metapool/regress.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file blup.h
 * Best linear unbiased predictions: what the model, having seen all studies, says of
 * the true effect of each.
 */

/** A study's true effect x'b + u; NaN limits: no degree of freedom is left. */
typedef struct mtp_blup {
    double fitted;                     /* x'b: of studies like it; pooled: the mean */
    double shrinkage;                  /* vi / (vi + tau2): 0 keeps yi, 1 gives x'b */
    double estimate, se, lower, upper; /* of its true effect */
    double random, random_se, random_lower, random_upper; /* of u, what is its own */
    struct {
        double estimate, lower, upper;
    } back; /* natural scale, at the study's own n where that plays a part */
} mtp_blup;

typedef struct mtp_blup_result {
    size_t k;
    double tau2;           /* NaN: of each study its own (location-scale models) */
    double df;             /* of the limits; NaN: normal */
    double level;          /* of the limits */
    const mtp_blup *study; /* [k] in the order of the effects */
    mtp_notes notes;       /* of the fit */
} mtp_blup_result;

/**
 * Predict the true effects of the studies of a meta-regression. With s = tau2 / (tau2 +
 * vi) and V the covariance of b that its tests use,
 *
 *   u          s (yi - x'b),        variance s vi + s^2 x'V x
 *   x'b + u    (1 - s) x'b + s yi,  variance s vi + (1 - s)^2 x'V x
 *
 * tau2 is taken as known. Limits are by t where the intervals of the coefficients are
 * (t, hksj, hksj-adhoc), else normal.
 *
 * @param moderators  NULL: none, the mean of all studies
 * @param options     as of mtp_regress; NULL: the defaults
 * @param result      out, freed with mtp_blup_free; untouched on failure
 * @return as mtp_regress; MTP_E_UNSUPPORTED for mixed models of counts, weights, robust
 *         variances, and for nested levels, whose effects mtp_multilevel predicts
 * Sources: Raudenbush & Bryk (1985), J Educ Stat 10:75-98,
 * doi:10.3102/10769986010002075; Robinson (1991), Stat Sci 6:15-32,
 * doi:10.1214/ss/1177011926.
 */
MTP_API mtp_status mtp_blup_regress(const mtp_effects *effects,
                                    const mtp_moderators *moderators,
                                    const mtp_regress_options *options,
                                    mtp_blup_result **result, mtp_error *err);

/**
 * The same of pooled studies: mtp_blup_regress without moderators, by the tau2,
 * interval and level of `options`.
 *
 * @param options  as of mtp_pool; NULL: the defaults
 * @return as mtp_pool; MTP_E_UNSUPPORTED for another method than inverse, other
 *         intervals than wald, t, hksj and hksj-adhoc, weights, clusters, nested levels
 */
MTP_API mtp_status mtp_blup_pool(const mtp_effects *effects,
                                 const mtp_pool_options *options,
                                 mtp_blup_result **result, mtp_error *err);
MTP_API void mtp_blup_free(mtp_blup_result *result);

#ifdef __cplusplus
}
#endif

#endif
