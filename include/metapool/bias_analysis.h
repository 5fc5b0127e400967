/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_BIAS_ANALYSIS_H
#define METAPOOL_BIAS_ANALYSIS_H

#include "metapool/bias.h"
#include "metapool/copas.h"
#include "metapool/excess_significance.h"
#include "metapool/failsafe.h"
#include "metapool/lfk.h"
#include "metapool/p_curve.h"
#include "metapool/p_uniform.h"
#include "metapool/selection.h"
#include "metapool/trim_fill.h"

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

/** PET, PEESE and which of them counts; the estimates are tested for the hypothesis. */
typedef struct mtp_bias_pet_peese {
    mtp_pet_peese_result fit;
    bool conditional; /* false: without a hypothesis neither is chosen */
    mtp_bias_natural pet, peese;
} mtp_bias_pet_peese;

/** A fail-safe number, of studies in which the hypothesis holds. */
typedef struct mtp_bias_failsafe {
    mtp_failsafe_type type;
    bool exists;
    mtp_failsafe_result result; /* its means and target are effects, not differences
                                   from the hypothesis */
} mtp_bias_failsafe;

/** A selection model; of its mean the figures are effects, the test that of the
 *  hypothesis. */
typedef struct mtp_bias_selection {
    const char *id, *label; /* of the model, or of weights that are given */
    const mtp_selection_result *result;
    mtp_coefficient mean;
    mtp_bias_natural back;
} mtp_bias_selection;

/** p-uniform*; the test is the root of the likelihood ratio, with the mean's sign. */
typedef struct mtp_bias_p_uniform {
    const mtp_p_uniform_result *result;
    mtp_coefficient mean;
    mtp_bias_natural back;
} mtp_bias_p_uniform;

/** The Copas model along its path of selections; means are tested for the hypothesis.
 */
typedef struct mtp_bias_copas {
    const mtp_copas_result *result;
    const mtp_bias_estimate *path; /* [result->n_fits] */
    mtp_bias_estimate adjusted;    /* of result->adjusted, if there is one */
} mtp_bias_copas;

typedef struct mtp_bias_analysis {
    size_t n_tests;
    const mtp_bias_test *tests; /* in the order in which they were asked for */
    size_t n_applicable;
    const mtp_asymmetry_test *applicable; /* every test that applies to the effects */
    size_t n_estimates;
    const mtp_bias_estimate *estimates; /* the pooled mean first */
    double null_value; /* that studies have no effect, on the analysis scale, or NaN */
    const mtp_bias_pet_peese *pet_peese;   /* NULL: not asked for, or no answer */
    const mtp_trim_fill_result *trim_fill; /* the same, and so below */
    size_t n_failsafe;
    const mtp_bias_failsafe *failsafe; /* in the order in which they were asked for */
    const mtp_excess_result *excess;
    const mtp_bias_selection *selection; /* by maximum likelihood */
    size_t n_weighted;
    const mtp_bias_selection *weighted; /* at weights that are given */
    const mtp_lfk_result *lfk;
    const mtp_p_curve_result *p_curve;
    const mtp_bias_p_uniform *p_uniform;
    const mtp_bias_copas *copas;
    bool answered; /* something that was asked for has an answer */
} mtp_bias_analysis;

#ifdef __cplusplus
}
#endif

#endif
