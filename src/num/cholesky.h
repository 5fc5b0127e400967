/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_CHOLESKY_H
#define MTP_NUM_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Small symmetric positive definite systems, row by row: A = L L', L lower triangular.
 * Source: Higham (2002), Accuracy and stability of numerical algorithms, 2nd ed.,
 * section 10.1, doi:10.1137/1.9780898718027.
 */

/** L takes the place of A's lower triangle; what is above is left alone.
 * @return false: A is not positive definite (or not finite), and is spoilt */
bool mtp_cholesky(size_t n, double a[]);

/** Solve L x = b, and L' x = b; x takes the place of b. */
void mtp_cholesky_lower(size_t n, const double l[], double b[]);
void mtp_cholesky_upper(size_t n, const double l[], double b[]);

/** Solve A x = b; x takes the place of b. */
void mtp_cholesky_solve(size_t n, const double l[], double b[]);

/** inverse [n * n], symmetric to the bit */
void mtp_cholesky_inverse(size_t n, const double l[], double inverse[]);

#endif
