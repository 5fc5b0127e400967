/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_POWER_OF_FIVE_H
#define MTP_CORE_POWER_OF_FIVE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Powers of five to 128 bits, and what goes with them: both ways between decimal and
 * binary need them.
 */

enum { MTP_POWER_MIN = -342, MTP_POWER_MAX = 324 };

/**
 * The number (high * 2^64 + low) * 2^e with the highest bit set: 5^q, cut off, not
 * rounded. e follows from mtp_log2_of_ten.
 */
typedef struct mtp_power {
    uint64_t high, low;
} mtp_power;

extern const mtp_power mtp_power_of_five[MTP_POWER_MAX - MTP_POWER_MIN + 1];

static inline mtp_power mtp_five_to(int q)
{
    return mtp_power_of_five[q - MTP_POWER_MIN];
}

/** True where 128 bits hold the power whole: 5^55 < 2^128 < 5^56. */
static inline bool mtp_five_is_exact(int q)
{
    return q >= 0 && q <= 55;
}

/** floor(x / 2^shift), for negative x also (C leaves >> of those to the compiler). */
static inline int mtp_floor_shift(int x, int shift)
{
    return x >= 0 ? x >> shift : -1 - ((-1 - x) >> shift);
}

/** floor(log2(10^q)) for q in the table; 1741647 / 2^19 is log2(10) nearly enough. */
static inline int mtp_log2_of_ten(int q)
{
    return mtp_floor_shift(q * 1741647, 19);
}

/** A product of 128 bits. */
static inline mtp_power mtp_wide_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (mtp_power){(uint64_t)(product >> 64), (uint64_t)product};
#else
    uint64_t a1 = a >> 32, a0 = a & 0xffffffffU, b1 = b >> 32, b0 = b & 0xffffffffU;
    uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32);
    uint64_t middle = a0 * b1 + (cross & 0xffffffffU);

    return (mtp_power){a1 * b1 + (cross >> 32) + (middle >> 32),
                       middle << 32 | (low & 0xffffffffU)};
#endif
}

#endif
