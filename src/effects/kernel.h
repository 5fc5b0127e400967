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

/** a d - b c to two units in the last place, by fused multiply-add (Kahan). */
double mtp_difference_of_products(double a, double d, double b, double c);

/** log(ratio), where ratio - 1 is known to more digits than ratio tells. */
double mtp_log_by_excess(double ratio, double excess);

/** Probit of x1 / (x1 + m1) less that of x2 / (x2 + m2), all above 0, without loss
 *  where they are near each other. */
double mtp_probit_difference(double x1, double m1, double x2, double m2);

#endif
