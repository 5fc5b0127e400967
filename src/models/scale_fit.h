/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_SCALE_FIT_H
#define MTP_MODELS_SCALE_FIT_H

#include "metapool/location_scale.h"

#include "core/dd.h"
#include "core/notes.h"
#include "models/scale_search.h"

/* A fit on its way: the caller's arrays, and the same in orthonormal columns and a unit
 * in which sampling variances are near 1. */
typedef struct mtp_scale_fit {
    size_t k, p, q;
    const double *yi, *vi, *x, *z;
    int unit;              /* y / 2^unit, v / 4^unit */
    mtp_dd *x_inv, *z_inv; /* R^-1 of X and Z */
    double *start;         /* [p] Q'y of equal weights */
    mtp_scale_problem problem;
    mtp_scale_optimum optimum;
    mtp_location_scale_result *result;
    mtp_arena *arena; /* the result's */
    mtp_note_list notes;
    mtp_error *err;
} mtp_scale_fit;

/** Orthonormal columns and data in the unit: f->problem. */
mtp_status mtp_scale_prepare(mtp_scale_fit *f);

/** The result, but its notes, from f->optimum. */
mtp_status mtp_scale_describe(mtp_scale_fit *f);

#endif
