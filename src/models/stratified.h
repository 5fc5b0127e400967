/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_STRATIFIED_H
#define MTP_MODELS_STRATIFIED_H

#include "core/arena.h"
#include "models/normal.h"

/** Whether the method pools the raw counts of two groups by strata: Mantel-Haenszel and
 *  Peto. */
bool mtp_method_is_stratified(mtp_method method);

/** Whether the method is a likelihood of the counts of one group, mixed or
 *  beta-binomial: no study weights, and Wald intervals alone. */
bool mtp_method_is_likelihood(mtp_method method);

/** Whether a method exists for a measure; every measure has inverse variance. */
bool mtp_method_pools(mtp_method method, const mtp_measure_info *measure);

/** Whether a method takes the raw counts of two groups: these, and mixed models of two
 *  groups. */
bool mtp_method_takes_cells(mtp_method method, const mtp_measure_info *measure);

/**
 * The cells of all studies in their order, in Mantel-Haenszel and Peto sums with
 * options->mh_add in those that mh_to names.
 * @param cell  out: [4][k] in the arena, as in strata.h
 * @return MTP_OK; MTP_E_DATA for a study with a ready-made effect, which has no counts
 *         (err->line is the 1-based study); MTP_E_NOMEM
 */
mtp_status mtp_stratified_cells(const mtp_effects *effects,
                                const mtp_pool_options *options, mtp_arena *arena,
                                const double *cell[MTP_STRATUM_CELLS], mtp_error *err);

/** The mean of a set by options->method. */
mtp_center mtp_stratified_mean(const mtp_study_set *set,
                               const mtp_pool_options *options);

/** The weights in that mean, in percent; NaN where it does not exist. */
void mtp_stratified_weights(const mtp_study_set *set, const mtp_pool_options *options,
                            double percent[]);

#endif
