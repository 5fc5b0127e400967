/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_BIAS_ANALYSIS_H
#define METAPOOL_BIAS_ANALYSIS_H

#include "metapool/bias.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file bias_analysis.h
 * What the command `bias` found: the part of a bundle on small-study effects. A step
 * that was asked for and has no answer has no result, and a note of the bundle says
 * why.
 */

/** An estimate on the natural scale; NaN where there is none. */
typedef struct mtp_bias_natural {
    double estimate, ci_lower, ci_upper;
} mtp_bias_natural;

/** A test for asymmetry. */
typedef struct mtp_bias_test {
    mtp_asymmetry_test test;
    const mtp_asymmetry_result *result; /* NULL: there is no answer */
    const char *reason;                 /* why there is none; else NULL */
    mtp_bias_natural back;              /* of the limit estimate */
} mtp_bias_test;

/** A mean: as pooled, or adjusted for small-study effects. */
typedef struct mtp_bias_estimate {
    const char *id;        /* "pooled", "limit_egger", ... */
    const char *label;     /* for people */
    mtp_coefficient value; /* analysis scale; name NULL */
    mtp_bias_natural back;
} mtp_bias_estimate;

typedef struct mtp_bias_analysis {
    size_t n_tests;
    const mtp_bias_test *tests; /* in the order in which they were asked for */
    size_t n_applicable;
    const mtp_asymmetry_test *applicable; /* every test that applies to the effects */
    size_t n_estimates;
    const mtp_bias_estimate *estimates; /* the pooled mean first */
    bool answered;                      /* something that was asked for has an answer */
} mtp_bias_analysis;

#ifdef __cplusplus
}
#endif

#endif
