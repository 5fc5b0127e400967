/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_LOADER_H
#define MTP_NUM_LOADER_H

#include "core/dd.h"

/**
 * The two functions of Loader (2000), "Fast and accurate computation of binomial
 * probabilities", in double-double: they turn ratios of gamma functions and powers,
 * whose logarithms are huge and nearly cancel, into small sums.
 */

/** mtp_stirling_error, absolute error below 1e-18; infinite at n = 0. */
mtp_dd mtp_stirling_dd(double n);
/** x log(x / m) + m - x for x, m > 0; relative error about 1e-19. */
mtp_dd mtp_deviance_dd(double x, mtp_dd m);

#endif
