/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_DD_VECTOR_H
#define MTP_CORE_DD_VECTOR_H

#include "core/dd.h"

#include <stddef.h>

/**
 * Columns in double-double, as Gram-Schmidt wants them.
 *
 * Source of the dot product: Ogita, Rump & Oishi (2005), SIAM J Sci Comput
 * 26:1955-1988, doi:10.1137/030601818 (Dot2), with the lower parts beside the errors.
 */
mtp_dd mtp_dd_dot(size_t k, const mtp_dd a[], const mtp_dd b[]);

/** a - s b in place of a. What is lost is relative to the larger of a and s b, as
 * everywhere in Gram-Schmidt: the cheap sum of Dekker does. */
void mtp_dd_take_away(size_t k, mtp_dd a[], mtp_dd s, const mtp_dd b[]);

/**
 * x of U x = b by back substitution.
 *
 * @param u     upper triangle, row by row, `row` numbers a row
 * @param step  from one element of x to the next
 * @param x     b on entry
 */
void mtp_dd_solve_upper(size_t n, size_t row, const mtp_dd u[], size_t step,
                        mtp_dd x[]);

#endif
