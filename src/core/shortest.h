/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_SHORTEST_H
#define MTP_CORE_SHORTEST_H

#include <stdint.h>

/** The number digits * 10^exponent. */
typedef struct mtp_decimal {
    uint64_t digits;
    int exponent;
} mtp_decimal;

/**
 * The decimal with the fewest digits that reads back as `value` (round to nearest, ties
 * to even), and of several with as few the nearest to `value`. At most 17 digits, none
 * of them a trailing zero.
 *
 * @param value  finite and positive
 */
mtp_decimal mtp_shortest_decimal(double value);

#endif
