/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_KERNEL_H
#define MTP_EFFECTS_KERNEL_H

/**
 * What formulas of effects share. They keep at least 15 digits where the textbook's
 * lose them: logarithms of a ratio near 1 by log1p of its difference from 1,
 * differences of reciprocals as one quotient, arcsines by atan2.
 */

/** log(a / b), a and b > 0, to the last bits also where a is near b. */
double mtp_log_ratio(double a, double b);

/** z with Phi(z) = x / (x + m), x and m > 0, to the last bits also near 0. */
double mtp_probit(double x, double m);

#endif
