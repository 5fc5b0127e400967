/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_BASIS_H
#define MTP_MODELS_GLMM_BASIS_H

#include "metapool/status.h"

#include "core/arena.h"
#include "core/dd.h"

/**
 * Columns made orthogonal: x_j = sum_{i <= j} r_ij z_i with sum_l w_l z_li z_lj = 0 for
 * i != j. In double-double, by modified Gram-Schmidt, so that coefficients of the z
 * lose nothing to units or origins of the x. A z_j is scaled by a power of two to a
 * largest element from 1 to 2; where x_j depends on the columns before it, z_j is 0.
 */
typedef struct mtp_glmm_basis {
    size_t n, p;
    double *weight; /* [n] >= 0 */
    mtp_dd *z;      /* [p * n] column by column; x before it is made orthogonal */
    mtp_dd *r;      /* [p * p] row by row; below the diagonal 0 */
    mtp_dd *norm;   /* [p] sum w z^2; 0 of a dependent column */
} mtp_glmm_basis;

/** Room; weights and columns are the caller's to set. */
mtp_status mtp_glmm_basis_make(size_t n, size_t p, mtp_arena *arena,
                               mtp_glmm_basis *basis, mtp_error *err);

/** @return the first column that depends on those before it, or p */
size_t mtp_glmm_basis_orthogonalise(mtp_glmm_basis *basis);

/** Take out of v [n] what the columns explain. @return sum w v^2 of the rest
 * @param part  [p] coefficients of the z, or NULL */
mtp_dd mtp_glmm_basis_project(const mtp_glmm_basis *basis, mtp_dd *v, mtp_dd *part);

/** Coefficients of the x from those of the z; every column must be there. */
void mtp_glmm_basis_solve(const mtp_glmm_basis *basis, const mtp_dd *of_z,
                          mtp_dd *of_x);

/** The covariance [p * p] of the x's coefficients from that of the z's.
 * @param room  [p * p] */
void mtp_glmm_basis_covariance(const mtp_glmm_basis *basis, const double *of_z,
                               mtp_dd *room, double *of_x);

#endif
