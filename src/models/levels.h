/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_LEVELS_H
#define MTP_MODELS_LEVELS_H

#include "metapool/multilevel.h"

/** The heterogeneity and the fit of nested levels, as pooling and regression show those
 *  of one random effect: tau2 is the sum of all variances, without an interval. */
void mtp_levels_describe(const mtp_multilevel_result *nested, mtp_heterogeneity *h,
                         mtp_fit *fit);

#endif
