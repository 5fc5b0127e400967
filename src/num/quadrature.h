/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_QUADRATURE_H
#define MTP_NUM_QUADRATURE_H

enum { MTP_HERMITE_MAX = 100 };

/**
 * Nodes and weights of n-point Gauss-Hermite quadrature, 1 <= n <= MTP_HERMITE_MAX:
 *   integral exp(-x^2) f(x) dx = sum w_i f(x_i)
 * to the last bits, symmetric, in increasing order of x. log_weight[i] = log(w_i
 * exp(x_i^2)) is what adaptive quadrature uses. Source: Golub & Welsch (1969), Math
 * Comp 23:221-230, doi:10.2307/2004418, polished by Newton.
 */
void mtp_gauss_hermite(int n, double x[], double weight[], double log_weight[]);

#endif
