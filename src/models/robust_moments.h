/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_MOMENTS_H
#define MTP_MODELS_ROBUST_MOMENTS_H

#include "models/robust_frame.h"

/**
 * What remains of each cluster for variances and degrees of freedom, in the coordinates
 * of the frame: with T = A W P and e of a cluster, t = T'e is its part of the score,
 * and for combinations c, d of coefficients the working model says Cov(c't_j, d't_l) =
 * [j = l] c'T'Phi T d + (Z_j c)'K (Z_l d), the residuals having the covariance [j = l]
 * Phi + Z K Z': W = Phi^-1:  Z = P'T, K = -I                          (r = p) else: Z =
 * (P'T, P'W Phi T), K = [N -I; -I 0]   (r = 2 p)
 */
typedef struct mtp_robust_cluster {
    const double *t; /* [p] */
    const double *a; /* [p * p] Cov(t), that of j = l as a whole */
    const double *z; /* [r * p] Z */
} mtp_robust_cluster;

typedef struct mtp_robust_moments {
    size_t p, r, m;
    const double *K;                   /* [r * r] */
    const mtp_robust_cluster *cluster; /* [m] */
    size_t singular;
} mtp_robust_moments;

/** @return as mtp_robust; the moments are held by the arena */
mtp_status mtp_robust_moments_make(const mtp_robust_frame *frame, mtp_arena *arena,
                                   mtp_robust_moments *moments, mtp_error *err);

/**
 * Satterthwaite's degrees of freedom of sum_j (c't_j)^2: 2 E^2 / Var; NaN where it is
 * always 0, but for rounding.
 * @param c  [p]
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_robust_satterthwaite(const mtp_robust_moments *moments, const double c[],
                                    mtp_arena *scratch, double *df);

/**
 * eta of the approximate Hotelling test of q combinations (robust.h).
 * @param c  [q * p] row by row
 * @return MTP_OK; MTP_E_DEGENERATE: the expected variance is singular; MTP_E_NOMEM
 */
mtp_status mtp_robust_eta(const mtp_robust_moments *moments, size_t q, const double c[],
                          mtp_arena *scratch, double *eta);

#endif
