/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_COINS_H
#define MTP_BIAS_COINS_H

#include "metapool/excess_significance.h"

#include "num/dist.h"

/** The chance of an event and of none, each to its own last digits. */
typedef struct mtp_coin {
    mtp_tail yes, no;
} mtp_coin;

/**
 * Logarithms of P(X = j), X the number of events among k independent coins: a
 * convolution, O(k^2). Those far below P(X = x) may be -infinity.
 * @param log_f  [k + 1] out
 */
void mtp_coins_probabilities(size_t k, const mtp_coin coin[], size_t x, double log_f[]);

/** The same where all coins have the chance yes = 1 - no. */
void mtp_binomial_probabilities(size_t k, double yes, double no, double log_f[]);

/** P(X >= x), P(X <= x), or that of all numbers that are no more probable than x. */
mtp_tail mtp_count_test(size_t k, const double log_f[], size_t x, mtp_tails tails);

#endif
