/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_RANDOM_H
#define MTP_NUM_RANDOM_H

#include <stdint.h>

/**
 * Counter-based random numbers, Philox 4x32-10: value = f(seed, task, draw), so that
 * any number of threads draws the same numbers. Source: Salmon, Moraes, Dror & Shaw
 * (2011), SC'11, doi:10.1145/2063384.2063405.
 */
typedef struct mtp_random {
    uint64_t seed, task, draw; /* draw counts 64-bit values taken */
} mtp_random;

void mtp_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

mtp_random mtp_random_start(uint64_t seed, uint64_t task);
uint64_t mtp_random_bits(mtp_random *state);  /* 64 random bits */
double mtp_random_uniform(mtp_random *state); /* (0, 1), 53 bits, never 0 or 1 */
uint64_t mtp_random_below(mtp_random *state, uint64_t n); /* 0 .. n - 1 without bias */

#endif
