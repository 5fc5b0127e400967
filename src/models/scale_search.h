/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_SCALE_SEARCH_H
#define MTP_MODELS_SCALE_SEARCH_H

#include "metapool/status.h"

#include "core/arena.h"
#include "models/scale_likelihood.h"

/** The best maximum of a location-scale likelihood. */
typedef struct mtp_scale_optimum {
    double *gamma;     /* [q] finite: where the search ended in the problem's columns */
    double *vanished;  /* [q * q] rows: orthonormal directions along which the
                          likelihood rises without end, n_free .. q of them */
    double *basis;     /* [q * q] rows: orthonormal directions of gamma that are held */
    size_t n_free;     /* rows of basis; q where nothing vanishes */
    double *direction; /* [q] in the span of `vanished`: the way out; all 0: none */
    bool directed;     /* every vanishing log tau2 falls along it */
    double *covariance; /* [q * q] of the held part of gamma */
    bool informative;
    unsigned char *gone; /* [k] studies whose tau2 vanishes */
    size_t n_gone;
    double loglik;
    size_t iterations, n_modes;
    mtp_scale_point point; /* evaluated there */
} mtp_scale_optimum;

/**
 * Maximize from several starts; where log tau2 of studies falls without end, go to the
 * limit: their tau2 is 0, and what the others say about gamma is maximized.
 * @param problem  its `vanished` is not read; columns of length sqrt(k)
 */
mtp_status mtp_scale_maximize(const mtp_scale_problem *problem, mtp_arena *arena,
                              mtp_scale_optimum *optimum, mtp_error *err);

#endif
