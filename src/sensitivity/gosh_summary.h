/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_GOSH_SUMMARY_H
#define MTP_SENSITIVITY_GOSH_SUMMARY_H

#include "metapool/sensitivity.h"

#include "core/dd.h"

/** Sums over fits of two studies or more; squares are of estimate - centre. */
typedef struct mtp_gosh_sums {
    double n, moved, square, tau2, I2;
} mtp_gosh_sums;

/** The same over many blocks of fits. */
typedef struct mtp_gosh_totals {
    mtp_dd n, moved, square, tau2, I2;
} mtp_gosh_totals;

/** Sums over some fits: sums[0] of all, sums[1 + i] of those with study i. */
void mtp_gosh_sum(size_t k, double centre, size_t n, const mtp_gosh_fit fit[],
                  mtp_gosh_sums sums[]);

/** Add a block of sums to totals, both [1 + k]. */
void mtp_gosh_add(size_t k, const mtp_gosh_sums sums[], mtp_gosh_totals totals[]);

/** Means from the totals; with and without: [k]. */
void mtp_gosh_summarize(size_t k, double centre, const mtp_gosh_totals totals[],
                        mtp_gosh_result *result, mtp_gosh_mean with[],
                        mtp_gosh_mean without[]);

#endif
