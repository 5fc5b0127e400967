/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eisel_lemire.h"

#include "core/power_of_five.h"

#include <string.h>

/*
 * After Lemire (2021), Softw Pract Exper 51:1700-1727, doi:10.1002/spe.2984. The number
 * is digits * 5^q * 2^q; the product with the power from the table has 192 bits.
 *
 * The paper shows when the product can be trusted. Here that is checked instead: the
 * table's power is less than one unit of its last place too small, so the number lies
 * in [P, P + digits]. Rounding is monotone: where both ends round to the same double,
 * so does the number.
 */

/* A number of 192 bits times 2^exponent: its highest 64 bits, and if others are set. */
typedef struct product {
    uint64_t high;
    bool rest;
} product;

static int leading_zeros(uint64_t x)
{
#if defined __GNUC__
    return __builtin_clzll(x);
#else
    int n = 0;

    for (; !(x >> 63); x <<= 1) {
        n++;
    }
    return n;
#endif
}

/* The bits of the double nearest to p.high.rest * 2^exponent, p.high >= 2^62; false for
 * less than half of the smallest number. */
static bool round_product(product p, int exponent, uint64_t *bits)
{
    int top = 62 + (int)(p.high >> 63);
    int biased = exponent + top + 1023; /* of the double, before it is rounded */
    int drop = top - 52 + (biased < 1 ? 1 - biased : 0);
    uint64_t kept, half, cut;

    if (drop > 63) {
        return false;
    }
    kept = p.high >> drop;
    half = (uint64_t)1 << (drop - 1);
    cut = p.high & (2 * half - 1);
    kept += cut > half || (cut == half && (p.rest || (kept & 1)));
    /* A carry out of the 53 bits of `kept` adds one to the exponent, as it should. */
    *bits = kept + (biased > 1 ? (uint64_t)(biased - 1) << 52 : 0);
    return true;
}

bool mtp_eisel_lemire(uint64_t digits, long long exponent, double *value)
{
    static const uint64_t infinity = (uint64_t)0x7ff << 52;
    int q = (int)exponent, shift, scale;
    uint64_t bits, bits_above, middle;
    mtp_power power, upper, lower;
    product p;

    if (exponent < MTP_POWER_MIN || exponent > MTP_POWER_MAX) {
        return false;
    }
    shift = leading_zeros(digits);
    digits <<= shift;
    power = mtp_five_to(q);
    upper = mtp_wide_multiply(digits, power.high);
    lower = mtp_wide_multiply(digits, power.low);
    middle = upper.low + lower.high;
    p = (product){upper.high + (middle < lower.high), (middle | lower.low) != 0};
    scale = mtp_log2_of_ten(q) + 1 - shift;
    if (!round_product(p, scale, &bits)) {
        return false;
    }
    if (!mtp_five_is_exact(q) && (middle == UINT64_MAX || !p.rest)) {
        bool carry = lower.low + digits < digits;
        product above = {p.high + (carry && middle == UINT64_MAX), true};

        if (!round_product(above, scale, &bits_above) || bits != bits_above) {
            return false;
        }
    }
    bits = bits < infinity ? bits : infinity;
    memcpy(value, &bits, sizeof bits);
    return true;
}
