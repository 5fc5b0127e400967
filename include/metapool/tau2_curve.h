/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_TAU2_CURVE_H
#define METAPOOL_TAU2_CURVE_H

#include "metapool/tau2.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file tau2_curve.h
 * The numbers of a profile plot: the part of a bundle that `plot profile` draws.
 */

/** The log-likelihood over tau2, at its best mean for each. */
typedef struct mtp_tau2_curve {
    bool mixed;       /* of the mixed model of one group, by maximum likelihood; else of
                         inverse-variance pooling of the study effects */
    bool restricted;  /* REML, else ML */
    double low, high; /* the range, squared units of the analysis scale */
    size_t n;         /* points in the range, in increasing tau2; those among them
                         at the modes and the limits of the interval are exact */
    const mtp_mode *point; /* [n] */
    size_t n_modes; /* every local maximum, in increasing tau2, in the range or not */
    mtp_mode mode[MTP_MODES_MAX];
    size_t highest;         /* the mode that is the estimate of this likelihood */
    mtp_tau2_method method; /* of the pooling: its estimate may be another one */
    double tau2;
    double level, drop;       /* drop: half the quantile of chi-square, 1 df */
    mtp_tau2_bounds interval; /* of all tau2 whose log-likelihood is at most `drop`
                                 below the highest; upper infinite: no end was found */
} mtp_tau2_curve;

#ifdef __cplusplus
}
#endif

#endif
