/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_SYMMETRIC_H
#define MTP_NUM_SYMMETRIC_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reflections to three
 * diagonals, then implicit QR steps with Wilkinson's shift. About 9 n^3 operations;
 * errors near the rounding of the largest eigenvalue.
 * Source: Golub & Van Loan (2013), Matrix computations, 4th ed., section 8.3.
 *
 * @param a       [n * n] symmetric; only its lower triangle is read; spoilt
 * @param value   [n] out, in no order
 * @param vector  [n * n] out: row i is the eigenvector of value[i], of length 1
 * @param work    [2 * n]
 * @return false: a figure is not finite, or they lie too far apart
 */
bool mtp_symmetric_eigen(size_t n, double a[], double value[], double vector[],
                         double work[]);

#endif
