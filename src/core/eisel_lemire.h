/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_EISEL_LEMIRE_H
#define MTP_CORE_EISEL_LEMIRE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * The double nearest to digits * 10^exponent, ties to even; infinite if too large.
 *
 * @param digits  not 0
 * @return false where 192 bits do not decide it: rare, and then `value` is untouched
 */
bool mtp_eisel_lemire(uint64_t digits, long long exponent, double *value);

#endif
