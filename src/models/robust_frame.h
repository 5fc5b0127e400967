/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_FRAME_H
#define MTP_MODELS_ROBUST_FRAME_H

#include "metapool/robust.h"

#include "core/arena.h"
#include "core/dd.h"

#include <stdbool.h>

/**
 * A fit in coordinates that make its variance simple. Rows stand cluster by cluster. A
 * block of correlated effects is turned to the eigenvectors of its covariance, so that
 * every row has a working variance and no covariance. With R from sqrt(W) X = Q R the
 * columns are P = X R^-1, and P'WP = I: no figure depends on how far the columns of X
 * are from orthogonal, but for R^-1 at the very end.
 *
 * Variances are divided by 4^unit and residuals by 2^unit, exactly, so that squares of
 * variances stay inside a double.
 */
typedef struct mtp_robust_frame {
    size_t k, p, m;
    int unit;
    bool inverse;        /* weights are 1 / phi */
    const size_t *start; /* [m + 1] rows of each cluster */
    double *phi;         /* [k] working variances */
    double *w;           /* [k] weights */
    double *e;           /* [k] residuals */
    mtp_dd *x;           /* [k * p] X, turned */
    double *P;           /* [k * p] */
    mtp_dd *r_inverse;   /* [p * p] upper triangle of R^-1 */
} mtp_robust_frame;

/** @param arena  holds the frame
 *  @return as mtp_robust */
mtp_status mtp_robust_frame_make(const mtp_robust_model *model, mtp_arena *arena,
                                 mtp_robust_frame *frame, mtp_error *err);

#endif
