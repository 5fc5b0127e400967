/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_ROOT_H
#define MTP_MODELS_ROBUST_ROOT_H

#include "core/arena.h"
#include "models/robust_frame.h"

/**
 * The adjustment of CR2 for one cluster of n rows.
 *
 * With working variances Phi = diag(phi), weights W and columns P (robust_frame.h) the
 * residuals of the cluster have the covariance
 *   C = [(I - PP'W) Phi (I - WPP')]_jj = Phi - PP'W Phi - Phi WPP' + P N P',
 * N = P'W Phi W P over all clusters, and A = Phi^{1/2} S^{+1/2} Phi^{1/2} with
 * S = Phi^{1/2} C Phi^{1/2}. What is needed is T = A W P, n by p.
 *
 * Where W = Phi^-1, C = Phi - PP', and with Q = W^{1/2} P, G = Q'Q
 *   S = Phi (I - QQ') Phi,   T = Phi^{1/2} S^{+1/2} Q.
 * I - QQ' has the eigenvalues of I - G, p by p, and ones. One of 0 means that without
 * this cluster a combination of coefficients is not identified.
 *   All phi alike: S^{+1/2} Q = Q (I - G)^{+1/2} / phi, and of any other columns B
 *     S^{+1/2} B = (B + Q h(G) Q'B) / phi, h(g) = ((1 - g)^{+1/2} - 1) / g.
 *   Else the contour integral of robust_root.c: O(n p^2), no n by n matrix.
 * Where W is another, the contour integral of robust_weighted.c: O(n p^2) too.
 */

/** An eigenvalue of I - G that counts as 0: clusters that hold all but 1e-12 of what is
 *  known of a combination of coefficients. */
#define MTP_ROBUST_NOTHING 1e-12

/** What does not depend on the cluster. */
typedef struct mtp_robust_whole {
    const mtp_robust_frame *frame;
    mtp_dd *gram;  /* [p * p] P'WP over all clusters */
    mtp_dd *noise; /* [p * p] N; where W is not Phi^-1 */
} mtp_robust_whole;

mtp_status mtp_robust_whole_make(const mtp_robust_frame *frame, mtp_arena *arena,
                                 mtp_robust_whole *whole, mtp_error *err);

/**
 * T = A W P, or A W X where `of_x` is given: T of P times R is the same but for what
 * cancels, which is much of a row of X that is small beside the others.
 *
 * @param T         [n * p] out, n the rows of the cluster
 * @param singular  out: S is singular, its inverse a pseudo-inverse
 * @param scratch   left as it was
 * @return MTP_OK; MTP_E_UNSUPPORTED: weights of their own and more rows than
 *         MTP_ROBUST_BLOCK_MAX; MTP_E_NOMEM
 */
mtp_status mtp_robust_adjust(const mtp_robust_whole *whole, size_t cluster, bool of_x,
                             mtp_arena *scratch, double T[], bool *singular,
                             mtp_error *err);

/** I - G of a cluster as the sum of the others, so that a small rest keeps its digits,
 *  with its eigenvalues and eigenvectors (row by row). */
mtp_status mtp_robust_rest(const mtp_robust_whole *whole, size_t cluster,
                           mtp_arena *scratch, double rest[], double value[],
                           double vector[], mtp_error *err);

/** robust_weighted.c: where weights are not inverse variances. */
mtp_status mtp_robust_adjust_weighted(const mtp_robust_whole *whole, size_t cluster,
                                      bool of_x, mtp_arena *scratch, double T[],
                                      bool *singular, mtp_error *err);

#endif
