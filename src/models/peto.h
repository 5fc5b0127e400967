/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_PETO_H
#define MTP_MODELS_PETO_H

#include "models/normal.h"
#include "models/strata.h"

/**
 * Peto's one-step log odds ratio, sum(O - E) / sum V with variance 1 / sum V, O - E and
 * V as in strata.h.
 * Source: Yusuf, Peto, Lewis, Collins & Sleight (1985), Prog Cardiovasc Dis 27:335-371,
 * doi:10.1016/s0033-0620(85)80003-7.
 *
 * @return mu and se; both NaN where no table has both events and others
 */
mtp_center mtp_peto(const mtp_study_set *set);

/** The weight of stratum i: V. */
mtp_dd mtp_peto_weight(const mtp_study_set *set, size_t i);

#endif
