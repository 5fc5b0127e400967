/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_KENDALL_H
#define MTP_BIAS_KENDALL_H

#include "metapool/status.h"

#include "core/arena.h"
#include "num/dist.h"

#include <stdbool.h>
#include <stddef.h>

enum { MTP_KENDALL_EXACT_MAX = 1000 };

/** Kendall's rank correlation of two variables. */
typedef struct mtp_kendall {
    double tau;        /* tau-b; NaN where a variable has one value alone */
    double score;      /* concordant less discordant pairs */
    double discordant; /* pairs */
    double variance; /* of score where the variables are independent, given the ties */
    bool ties;
} mtp_kendall;

/**
 * @param n  2 or more
 * @param x,y [n] finite
 * Cost: O(n^2).
 * Source: Kendall (1970), Rank correlation methods, 4th ed., chapters 3 to 5.
 */
mtp_kendall mtp_kendall_of(size_t n, const double x[], const double y[]);

/**
 * Two-sided p of `discordant` pairs of n without ties, from the number of permutations
 * with so many inversions or fewer (or so many or more): twice the smaller tail.
 *
 * @param scratch  freed back to its mark on return
 * @return MTP_OK; MTP_E_NOMEM
 * Cost: O(n^3) at most, n <= MTP_KENDALL_EXACT_MAX.
 * Source: Knuth (1998), The art of computer programming 3, section 5.1.1 (the
 * generating function of inversions).
 */
mtp_status mtp_kendall_exact(size_t n, double discordant, mtp_arena *scratch,
                             mtp_tail *p, mtp_error *err);

#endif
