/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_BETA_BINOMIAL_POOL_H
#define MTP_MODELS_BETA_BINOMIAL_POOL_H

#include "models/mixed.h"

/**
 * The beta-binomial model of one set of studies in the terms of mtp_pooled: the common
 * effect is the binomial model (rho = 0), Q and LRT are those of the binomial-normal
 * model, which do not depend on how the proportions vary. There is no tau2 (NaN), and
 * no prediction.
 */
mtp_status mtp_pool_beta_binomial(const mtp_study_set *set,
                                  const mtp_pool_options *options, mtp_arena *scratch,
                                  mtp_pooled *pooled, mtp_mixed_detail *detail,
                                  mtp_error *err);

#endif
