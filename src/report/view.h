/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_VIEW_H
#define MTP_REPORT_VIEW_H

#include "metapool/analysis.h"

#include <math.h>

/** A figure that does not exist. */
#define MTP_NONE ((double)NAN)

/** The pooled set as reports show it: where no random-effects estimate exists
 * (pooled->exists), every list is empty and every figure NaN but the counts and, where
 * it exists, the common effect with Q and LRT. */
mtp_pooled mtp_view_pooled(const mtp_pooled *pooled);

/** The measure has a natural scale beside the scale it is pooled on. */
bool mtp_view_has_back(const mtp_measure_info *measure);

/** The measure is analysed on a logarithm or logit, so that exp of a coefficient of a
 *  moderator is a ratio. */
bool mtp_view_has_ratio(const mtp_measure_info *measure);

/** exp of the coefficient of this column compares: it is neither the intercept nor the
 *  mean of a level, which a factor has for each level where there is no intercept. */
bool mtp_view_is_ratio(const mtp_bundle *bundle, size_t column);

/** The studies are counts of one group: events of n, or events in a time. */
bool mtp_view_has_counts(const mtp_measure_info *measure);

/** The studies have an observed figure (x / n, x / t) with an interval of its own; the
 * interval's method ("wilson"), or NULL. */
const char *mtp_view_observed(const mtp_bundle *bundle);

#endif
