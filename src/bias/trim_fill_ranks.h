/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_TRIM_FILL_RANKS_H
#define MTP_BIAS_TRIM_FILL_RANKS_H

#include "metapool/trim_fill.h"

/** The number of missing studies before it is rounded; NaN: Q0 has no value. */
typedef struct mtp_missing {
    double k0, se;
} mtp_missing;

/**
 * The number of studies missing among small effects.
 *
 * @param d        [k] distances from the centre, in any order
 * @param scratch  [k]
 */
mtp_missing mtp_missing_studies(mtp_trim_fill_estimator estimator, size_t k,
                                const double d[], double scratch[]);

#endif
