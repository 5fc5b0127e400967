/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_WEIGHTED_MEAN_H
#define MTP_MODELS_WEIGHTED_MEAN_H

#include "tau2/studies.h"

/**
 * A mean by weights a that the user gives, at any tau2:
 *   mu = sum a y / sum a,   se = sqrt(sum a^2 (v + tau2)) / sum a
 * Source: the linear estimator of DerSimonian & Kacker (2007), Contemp Clin Trials
 * 28:105-114, doi:10.1016/j.cct.2006.04.004.
 *
 * @param studies  of one block
 * @param weights  [k] in the order of yi, finite, >= 0, not all 0
 * @param tau2     in the studies' unit
 * @param mean     out: from the block's centre, in the studies' unit
 * @param se       out: in the studies' unit
 */
void mtp_weighted_mean(const mtp_studies *studies, const double weights[], mtp_dd tau2,
                       mtp_dd *mean, mtp_dd *se);

/** 100 a / sum a. */
void mtp_weights_in_percent(size_t k, const double weights[], double percent[]);

#endif
