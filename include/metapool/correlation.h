/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_CORRELATION_H
#define METAPOOL_CORRELATION_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file correlation.h
 * Pearson's correlation of two columns, in which every study counts alike.
 */

typedef struct mtp_correlation {
    size_t n;
    double estimate;           /* r */
    double statistic;          /* t = r sqrt(df / (1 - r^2)); infinite where |r| is 1 */
    double df;                 /* n - 2 */
    double p, log_p;           /* two-sided */
    double ci_lower, ci_upper; /* tanh(atanh(r) -+ z / sqrt(n - 3)), Fisher's z; of
                                  three studies all from -1 to 1 */
} mtp_correlation;

/**
 * Pearson's correlation with its test and interval.
 *
 * @param n       >= 3
 * @param x, y    [n] finite
 * @param level   of the interval, 0 < level < 1
 * @param result  out; untouched on failure
 * @return MTP_OK; MTP_E_ARG for a level out of range; MTP_E_DATA for fewer than three
 *         pairs or a value that is not finite (err->line is the 1-based pair);
 *         MTP_E_DEGENERATE where all x or all y are the same
 * Source: Fisher (1921), Metron 1:3-32.
 */
MTP_API mtp_status mtp_correlate(size_t n, const double x[], const double y[],
                                 double level, mtp_correlation *result, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
