/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_EQUATIONS_H
#define MTP_EXPLAIN_EQUATIONS_H

#include "explain/solution.h"

/**
 * Systems of p symmetric equations by hand: A = L D L', L with ones on its diagonal.
 * The elements of a matrix A are known as A_1_1, A_2_1, ... (lower triangle).
 */

/** Lines for d_j and l_i_j. */
void mtp_equations_factor(mtp_solution *s, const char *matrix, size_t p);
/** After that: the solution b of A b = B, as `name`_j; figures [p]. */
void mtp_equations_solve(mtp_solution *s, const char *right, const char *name, size_t p,
                         const double figures[]);
/** After the factor: V = A^-1, the lower triangle; figures [p * p]. */
void mtp_equations_invert(mtp_solution *s, size_t p, const double figures[]);
/** The same by another name; figures may be NULL. */
void mtp_equations_inverse(mtp_solution *s, const char *name, size_t p,
                           const double figures[]);
/** After the factor: U = L^-1, below its diagonal of ones, as u_i_j. */
void mtp_equations_inverse_factor(mtp_solution *s, size_t p);
/** After the factor: B' A^-1 B. */
void mtp_equations_form(mtp_solution *s, const char *right, const char *name, size_t p,
                        double figure);

#endif
