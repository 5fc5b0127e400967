/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_PROFILE_MEAN_H
#define MTP_MODELS_PROFILE_MEAN_H

#include "metapool/pool.h"

#include "tau2/studies.h"

/**
 * The profile-likelihood interval of a block's mean: every mu at which
 *   2 (max ll - max over tau2 of ll(mu, tau2)) <= chi-square quantile with 1 df,
 * ll the likelihood of ML, whatever estimator was chosen. It lies about the ML
 * estimate. Where the likelihood has several maxima, the set can be a union of
 * segments; lower and upper are its ends.
 * Source: Hardy & Thompson (1996), Stat Med 15:619-629,
 * doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A.
 *
 * @param all       studies of every block that shares tau2, more than there are blocks
 * @param block     whose mean
 * @param null      the tested mean, in the units of yi; NaN: no test
 * @param interval  out: in the units of yi; the statistic is the signed root of the
 *                  likelihood ratio, normal; se and df NaN
 */
void mtp_profile_mean(const mtp_studies *all, size_t block, double level, double null,
                      mtp_interval *interval);

#endif
