/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/shortest.h"

#include "core/power_of_five.h"

#include <stdbool.h>
#include <string.h>

/*
 * Schubfach: Giulietti (2020), "The Schubfach way to render doubles",
 * https://drive.google.com/file/d/1luHhyQF9zKlM8yJ1nebU0OgVYhfC6CBN. A double c * 2^q
 * is what everything between its two rounding boundaries reads as. With 10^k the
 * largest power of ten that is not longer than this interval, a multiple of 10^k lies
 * in it, and at most one of 10^(k + 1): that one if there is one, else the nearest of
 * the former. All is counted in quarters of 10^k, of which 62 bits and an odd last bit
 * for "and something more" tell every comparison right (section 9 there).
 */

/* A double as c * 2^q, with the boundaries in units of 2^(q - 2). */
typedef struct interval {
    uint64_t lower, centre, upper;
    int q;
    bool closed;   /* boundaries read as the double, too: c is even */
    bool lopsided; /* a power of two: the next smaller double is nearer */
} interval;

static interval rounding_interval(double value)
{
    const uint64_t hidden = (uint64_t)1 << 52;
    uint64_t bits, fraction, c;
    int biased;
    interval i;

    memcpy(&bits, &value, sizeof bits);
    fraction = bits & (hidden - 1);
    biased = (int)(bits >> 52);
    c = biased > 0 ? fraction + hidden : fraction;
    i.q = (biased > 0 ? biased : 1) - 1075;
    i.closed = c % 2 == 0;
    i.lopsided = fraction == 0 && biased > 1;
    i.lower = 4 * c - (i.lopsided ? 1 : 2);
    i.centre = 4 * c;
    i.upper = 4 * c + 2;
    return i;
}

/* floor(g * x / 2^128), made odd if that cut something off. */
static uint64_t round_to_odd(mtp_power g, uint64_t x)
{
    mtp_power low = mtp_wide_multiply(g.low, x), high = mtp_wide_multiply(g.high, x);
    uint64_t middle = high.low + low.high;

    return (high.high + (middle < low.high)) | (middle > 1);
}

/* floor(log10(2^q)), or of 3/4 of that, the length of a lopsided interval. */
static int log10_of_length(int q, bool lopsided)
{
    return mtp_floor_shift(q * 1262611 - (lopsided ? 524031 : 0), 22);
}

/* The power 10^-k to 128 bits, cut off and then raised by one unit, if not exact. */
static mtp_power raised_power(int k)
{
    mtp_power g = mtp_five_to(-k);

    if (!mtp_five_is_exact(-k)) {
        g.low++;
        g.high += g.low == 0;
    }
    return g;
}

static mtp_decimal schubfach(const interval *i)
{
    int k = log10_of_length(i->q, i->lopsided);
    int shift = i->q + mtp_log2_of_ten(-k) + 1;
    mtp_power g = raised_power(k);
    uint64_t lower = round_to_odd(g, i->lower << shift) + !i->closed;
    uint64_t centre = round_to_odd(g, i->centre << shift);
    uint64_t upper = round_to_odd(g, i->upper << shift) - !i->closed;
    uint64_t s = centre / 4, tens = s / 10 * 10, middle = 4 * s + 2;
    bool below, above;

    if (s >= 10) {
        below = lower <= 4 * tens;
        above = 4 * tens + 40 <= upper;
        if (below != above) {
            return (mtp_decimal){tens + (above ? 10 : 0), k};
        }
    }
    below = lower <= 4 * s;
    above = 4 * s + 4 <= upper;
    if (below == above) { /* both: the nearer, and of two as near the even one */
        above = centre > middle || (centre == middle && s % 2 == 1);
    }
    return (mtp_decimal){s + above, k};
}

mtp_decimal mtp_shortest_decimal(double value)
{
    interval i = rounding_interval(value);
    uint64_t whole = value < 9007199254740992.0 ? (uint64_t)value : 0; /* 2^53 */
    mtp_decimal d;

    /* A whole number below 2^53 has no shorter name than itself. */
    d = whole > 0 && (double)whole == value ? (mtp_decimal){whole, 0} : schubfach(&i);
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}
