/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/random.h"

/* One round, with the multipliers of Salmon et al. (2011), table 2. */
static void philox_round(uint32_t c[4], const uint32_t k[2])
{
    uint64_t product0 = UINT64_C(0xD2511F53) * c[0];
    uint64_t product1 = UINT64_C(0xCD9E8D57) * c[2];
    uint32_t c1 = c[1], c3 = c[3];

    c[0] = (uint32_t)(product1 >> 32) ^ c1 ^ k[0];
    c[1] = (uint32_t)product1;
    c[2] = (uint32_t)(product0 >> 32) ^ c3 ^ k[1];
    c[3] = (uint32_t)product0;
}

void mtp_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t k[2] = {key[0], key[1]};

    for (int i = 0; i < 4; i++) {
        out[i] = counter[i];
    }
    for (int round = 0; round < 10; round++) {
        philox_round(out, k);
        k[0] += UINT32_C(0x9E3779B9); /* golden ratio */
        k[1] += UINT32_C(0xBB67AE85); /* sqrt(3) - 1 */
    }
}

mtp_random mtp_random_start(uint64_t seed, uint64_t task)
{
    return (mtp_random){seed, task, 0};
}

/* The seed is the key; the counter is (draw / 2, task); a block holds two draws. */
uint64_t mtp_random_bits(mtp_random *state)
{
    uint64_t block = state->draw / 2;
    unsigned at = 2 * (unsigned)(state->draw % 2);
    const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32),
                                 (uint32_t)state->task, (uint32_t)(state->task >> 32)};
    const uint32_t key[2] = {(uint32_t)state->seed, (uint32_t)(state->seed >> 32)};
    uint32_t out[4];

    mtp_philox4x32(counter, key, out);
    state->draw++;
    return (uint64_t)out[at + 1] << 32 | out[at];
}

/* An odd multiple of 2^-53: symmetric about 1/2 and never 0 or 1. */
double mtp_random_uniform(mtp_random *state)
{
    return ((double)(mtp_random_bits(state) >> 12) + 0.5) * 0x1p-52;
}

/* Draws below 2^64 mod n are thrown away, so that every remainder is equally likely. */
uint64_t mtp_random_below(mtp_random *state, uint64_t n)
{
    uint64_t first = n > 0 ? (UINT64_MAX - n + 1) % n : 0;
    uint64_t bits;

    do {
        bits = mtp_random_bits(state);
    } while (bits < first);
    return n > 0 ? bits % n : 0;
}
