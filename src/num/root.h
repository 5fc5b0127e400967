/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_ROOT_H
#define MTP_NUM_ROOT_H

typedef double mtp_function(const void *of, double x);

/**
 * A root of f between a and b, at which it has the values fa and fb of opposite sign
 * (or 0), to the last bits of x: inverse quadratic interpolation, the secant or
 * bisection, so that it always ends.
 * Source: Brent (1973), Algorithms for minimization without derivatives, ch. 4.
 */
double mtp_root(mtp_function *f, const void *of, double a, double fa, double b,
                double fb);

#endif
