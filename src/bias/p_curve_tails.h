/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_P_CURVE_TAILS_H
#define MTP_BIAS_P_CURVE_TAILS_H

/**
 * |Z + d|, Z standard normal and d >= 0, given that it is beyond a critical value c:
 * the law of significant statistics. Logarithms, so that no tail vanishes.
 */

/** log P(|Z + d| >= x), x >= 0. */
double mtp_log_beyond(double x, double d);

/** Logarithms of both sides of x > c, given that |Z + d| is beyond c. */
typedef struct mtp_beyond_sides {
    double below, above;
} mtp_beyond_sides;
mtp_beyond_sides mtp_beyond(double x, double c, double d);

/** Phi^-1 of what lies below. */
double mtp_beyond_probit(mtp_beyond_sides sides);

#endif
