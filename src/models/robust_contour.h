/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_CONTOUR_H
#define MTP_MODELS_ROBUST_CONTOUR_H

#include <stddef.h>

/**
 * Nodes and weights with which
 *   s^{-1/2} = sum_i weight_i / (s + node_i)   for all low <= s <= high
 * to the rounding of a double: S^{-1/2} = (2 / pi) int_0^inf (S + t^2)^-1 dt, where
 * t = sqrt(low) sc(u | 1 - low / high) makes the integrand a periodic analytic function
 * of u, for which the midpoint rule converges like exp(-2 pi^2 n / log(high / low)).
 * Source: Hale, Higham & Trefethen (2008), SIAM J Numer Anal 46:2505-2523,
 * doi:10.1137/070700607.
 */
enum { MTP_CONTOUR_MAX = 256 };

typedef struct mtp_contour {
    size_t n;
    double node[MTP_CONTOUR_MAX], weight[MTP_CONTOUR_MAX];
} mtp_contour;

/** @param low, high  0 < low <= high < 1e30 low */
void mtp_contour_make(double low, double high, mtp_contour *contour);

#endif
