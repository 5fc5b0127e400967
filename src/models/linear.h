/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_LINEAR_H
#define MTP_MODELS_LINEAR_H

#include "metapool/regress.h"

#include "core/arena.h"
#include "core/dd.h"

/**
 * Inference on p coefficients: whatever a model is, its tests, intervals and
 * predictions are made here from its estimates and their covariance.
 */
typedef struct mtp_linear mtp_linear;

/** Small-sample corrections of a covariance that was estimated from clusters. */
typedef struct mtp_linear_small_sample {
    const void *of;
    /** Degrees of freedom of l'beta; NULL: those of the fit. */
    double (*df)(const void *of, const double l[]);
    /** Test that q combinations are 0 (full rank); NULL: F with the smallest df of
     *  them, or the fit's. */
    mtp_test (*test)(const void *of, size_t q, const double l[]);
} mtp_linear_small_sample;

struct mtp_linear {
    size_t p;
    const mtp_dd *beta; /* [p] */
    const mtp_dd *cov;  /* [p * p] as tested */
    double df;          /* NaN: normal and chi-square */
    double tail;        /* of the two-sided intervals: (1 - level) / 2 */
    mtp_linear_small_sample small_sample; /* zero: none */
    mtp_arena *scratch;
};

/** l'beta and its variance by any covariance. */
mtp_dd mtp_linear_value(const mtp_linear *linear, const double l[]);
mtp_dd mtp_linear_variance(size_t p, const mtp_dd cov[], const double l[]);

/** l'beta with its test and interval; name is kept by reference. */
mtp_coefficient mtp_linear_combination(const mtp_linear *linear, const char *name,
                                       const double l[]);

/**
 * The test that q combinations are 0: b'(L V L')^-1 b, as chi-square with q degrees of
 * freedom, or divided by q as F. Combinations that follow from those before them are
 * left out, and q counts the others; missing where none is left.
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_linear_test(const mtp_linear *linear, size_t q, const double l[],
                           mtp_test *test, mtp_error *err);

/** The upper quantile of z, or of t where df is a number; NaN below one degree. */
double mtp_critical(double tail, double df);

#endif
