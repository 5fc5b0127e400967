/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_RANK_H
#define MTP_DESIGN_RANK_H

#include "metapool/status.h"

#include "core/arena.h"

#include <stdbool.h>

/** A column that those before it make: the sum of coefficient[j] times column[j]. */
typedef struct mtp_dependence {
    size_t dependent; /* the column */
    size_t n_parts;   /* 0: it is 0 in every row */
    const size_t *column;
    const double *coefficient;
} mtp_dependence;

/**
 * The columns that depend on independent ones before them, by Gram-Schmidt with
 * reorthogonalization from left to right. A column depends on others if its distance
 * from their span is within what rounding the columns can make:
 *
 *   |x_j - sum c_i x_i| <= 8 eps (|x_j| + sum |c_i| |x_i|),
 *
 * |.| the Euclidean norm. In double where that leaves no doubt, else in double-double,
 * which resolves distances that double arithmetic loses: polynomials in an uncentred
 * year, columns that are equal to seven digits.
 *
 * @param k  rows;  @param p  columns
 * @param x  [k * p] row by row, finite
 * @param n  out: how many depend
 * @param dependence  out, in the order of the columns; in the arena
 * @return MTP_OK; MTP_E_NOMEM
 * Source: Giraud, Langou, Rozloznik & van den Eshof (2005), Numer Math 101:87-100,
 *         doi:10.1007/s00211-005-0615-4 (twice is enough).
 */
mtp_status mtp_rank_find(mtp_arena *arena, size_t k, size_t p, const double x[],
                         size_t *n, const mtp_dependence **dependence, mtp_error *err);

#endif
