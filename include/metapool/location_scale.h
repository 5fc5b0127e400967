/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_LOCATION_SCALE_H
#define METAPOOL_LOCATION_SCALE_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file location_scale.h
 * Location-scale models: the between-study variance has moderators of its own,
 *   y_i ~ N(x_i'beta, v_i + tau2_i),  log tau2_i = z_i'alpha.
 * Source: Viechtbauer & Lopez-Lopez (2022), Res Synth Methods 13:697-715,
 * doi:10.1002/jrsm.1562.
 */

typedef struct mtp_location_scale_options {
    size_t size;            /* sizeof(mtp_location_scale_options); set by _init */
    mtp_tau2_method method; /* MTP_TAU2_REML (default) or MTP_TAU2_ML */
} mtp_location_scale_options;

MTP_API void mtp_location_scale_options_init(mtp_location_scale_options *options,
                                             size_t size);

typedef struct mtp_location_scale_result {
    size_t k, p, q;
    const double *beta;       /* [p] (X'WX)^-1 X'W y, W = diag(1 / (v + tau2)) */
    const double *vcov_beta;  /* [p * p] (X'WX)^-1 */
    const double *alpha;      /* [q]; see `n_vanished` */
    const double *vcov_alpha; /* [q * q] inverse of the observed information, beta
                                 profiled out; NaN where alpha is infinite or NaN */
    const double *tau2;       /* [k] */
    size_t n_vanished; /* studies whose tau2 is 0: the likelihood rises without end as
                          log tau2 of these falls, and is the limit. Coefficients
                          that run away with it are infinite, NaN where no sign is
                          theirs; the others are those of the limit */
    bool informative;  /* false: the observed information is singular, vcov_alpha NaN */
    mtp_test scale;    /* Wald chi-square of all alpha but that of a constant first
                          column; missing with none, and where one is not finite */
    double loglik;     /* of the method, with all constants; REML with
                          0.5 log|X'X|, as in pool.h */
    double AIC, AICc, BIC;  /* p + q parameters; BIC and AICc take k for ML, k - p for
                               REML */
    size_t iterations;      /* evaluations of the likelihood */
    size_t n_modes;         /* local maxima found, limits among them */
    const double *residual; /* [k] y - x'beta */
    mtp_notes notes;
    mtp_location_scale_options options; /* as used; last */
} mtp_location_scale_result;

/**
 * Fit a location-scale model by maximum or restricted maximum likelihood.
 *
 * beta is profiled out; alpha is found by Newton's method with analytic gradient and
 * observed information, step control, and several starts, in columns that are made
 * orthonormal. With a constant z alone it is the ordinary random-effects model with
 * tau2 = exp(alpha). O(k (p + q)^2) an evaluation.
 *
 * @param k       studies, k > p and k >= q
 * @param yi, vi  [k] finite; vi > 0
 * @param x       [k * p] row by row, of full rank; NULL with p = 1: ones
 * @param z       [k * q] row by row, of full rank; NULL with q = 1: ones
 * @param result  out, freed with mtp_location_scale_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (an option, no column); MTP_E_DATA: a figure out of range
 *         (err->line is the 1-based study), a column that is a combination of those
 *         before it; MTP_E_DEGENERATE: too few studies; MTP_E_NOMEM
 * Notes: scale_vanished, multiple_modes, not_defined.
 */
MTP_API mtp_status mtp_location_scale(size_t k, const double yi[], const double vi[],
                                      size_t p, const double x[], size_t q,
                                      const double z[],
                                      const mtp_location_scale_options *options,
                                      mtp_location_scale_result **result,
                                      mtp_error *err);
MTP_API void mtp_location_scale_free(mtp_location_scale_result *result);

#ifdef __cplusplus
}
#endif

#endif
