/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_HENMI_COPAS_H
#define MTP_MODELS_HENMI_COPAS_H

#include "metapool/pool.h"

#include "tau2/studies.h"

/**
 * The interval of Henmi and Copas about the common-effect mean m of k >= 2 studies:
 *   m +- u se,   se^2 = sum w^2 (v + t) / (sum w)^2,   w = 1 / v,
 * t the DerSimonian-Laird estimate of tau2, whatever estimator was chosen. u is the
 * quantile of |m - mu| / se when tau2 is t and se is estimated: given m, the Q of which
 * t is made is taken as a gamma variable with its own mean and variance. Small studies,
 * which may be biased, carry less weight than in the random-effects mean.
 * Source: Henmi & Copas (2010), Stat Med 29:2969-2983, doi:10.1002/sim.4029.
 *
 * @param studies   of one block
 * @param null      the tested mean, in the units of yi; NaN: no test
 * @param interval  out: in the units of yi; statistic (m - null) / se, with the p of
 *                  the same distribution; df NaN
 */
void mtp_henmi_copas(const mtp_studies *studies, double level, double null,
                     mtp_interval *interval);

#endif
