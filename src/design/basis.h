/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_BASIS_H
#define MTP_DESIGN_BASIS_H

#include "metapool/design.h"

#include "core/arena.h"
#include "core/dd.h"

/**
 * Columns that a leaf makes of one number: the number itself, orthogonal or raw powers,
 * a restricted cubic spline. Fixed once by the data, then evaluated anywhere, at the
 * data's own values with the very same digits. In double-double, rounded once.
 */
typedef struct mtp_basis {
    const mtp_leaf *leaf;
    size_t n_columns;
    /* Orthogonal poly: recurrence in t = (x - centre) / 2^exponent. */
    double centre;
    int exponent;
    mtp_dd alpha[MTP_POLY_DEGREE];
    mtp_dd norm2[MTP_POLY_DEGREE + 1];
    /* rcs */
    mtp_dd knot[MTP_RCS_KNOTS];
} mtp_basis;

/**
 * Fix the columns by the data.
 * @param x  [k] finite
 * @return MTP_OK; MTP_E_DEGENERATE where x has too few different values; MTP_E_NOMEM
 */
mtp_status mtp_basis_fit(const mtp_leaf *leaf, size_t k, const double x[],
                         mtp_arena *scratch, mtp_basis *basis, mtp_error *err);

/** The columns at x: [n_columns] out. */
void mtp_basis_at(const mtp_basis *basis, double x, double out[]);

#endif
