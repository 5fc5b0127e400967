/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_P_CURVE_H
#define METAPOOL_P_CURVE_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file p_curve.h
 * The p-curve: what the distribution of significant p-values says about the studies
 * behind them, whatever happened to those that are not significant.
 *
 * Without an effect significant p-values are uniform below 0.05; with one they crowd at
 * 0 (the curve is skewed to the right). Neither direction nor size of effects enters.
 */

typedef struct mtp_p_curve_options {
    size_t size;       /* sizeof(mtp_p_curve_options); set by _init */
    double null_value; /* of the studies' tests, on the scale of yi; default 0 */
    double level;      /* of the interval of the power; default 0.90 */
} mtp_p_curve_options;

MTP_API void mtp_p_curve_options_init(mtp_p_curve_options *options, size_t size);

/** A significant study. The pp-values of the half p-curve are NaN from p = 0.025 on. */
typedef struct mtp_p_curve_study {
    size_t study;     /* < k */
    double z;         /* (yi - null) / sqrt(vi) */
    double p, log_p;  /* two-sided */
    double skew_full; /* pp-value: a significant p is so small or smaller, no effect */
    double skew_half;
    double flat_full; /* pp-value: a significant p is so large or larger, power 1/3 */
    double flat_half;
} mtp_p_curve_study;

/** Stouffer's test: z = sum Phi^-1(pp) / sqrt(k), p = Phi(z); NaN without studies. */
typedef struct mtp_stouffer {
    size_t k;
    double z, p, log_p;
} mtp_stouffer;

typedef struct mtp_p_curve_result {
    size_t k;
    size_t k_full, k_half;          /* p < 0.05 and p < 0.025 */
    size_t k_positive;              /* effects above null_value, of k_full */
    const mtp_p_curve_study *study; /* [k_full] */
    mtp_stouffer skew_full, skew_half;
    mtp_stouffer flat_full, flat_half;
    double skew_binomial, flat_binomial; /* p of k_half in k_full */
    bool evidence;                       /* evidential value */
    bool inadequate;                     /* evidential value is absent or inadequate */
    double power, power_lower, power_upper;
    mtp_notes notes;
    mtp_p_curve_options options; /* as used; last */
} mtp_p_curve_result;

/**
 * P-curve.
 *
 * A study is used where |z| is significant at 0.05 (full) and at 0.025 (half). With
 * U(x, d) = P(|Z + d| >= x) and c the critical value of the curve,
 *
 *   right skew   pp = U(|z|, 0) / U(c, 0)
 *   flatness     pp = 1 - U(|z|, d) / U(c, d),  U(1.96, d) = 1/3: 33% power
 *   binomial     p-values below 0.025 among those below 0.05: as many or more at 1/2
 *                (right skew), as few or fewer at U(2.24, d) / U(1.96, d) (flatness)
 *   evidence     right skew: half p < 0.05, or both half and full p < 0.1
 *   inadequate   flatness: full p < 0.05, or both half and binomial p < 0.1
 *   power        U(1.96, d) at the d where Stouffer's z of the pp-values of flatness is
 *                0; its limits where it is -+ the normal quantile. 0.05 where d would
 *                be below 0
 *
 * The power is that of the used tests, taken as one for all: where powers differ it is
 * biased. Both tests take the p-values as independent.
 *
 * @param k        studies, >= 1
 * @param yi       [k] finite
 * @param vi       [k] finite, > 0
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_p_curve_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG; MTP_E_DATA: no studies, or a figure out of range
 *         (err->line is the 1-based study); MTP_E_DEGENERATE: no significant study;
 *         MTP_E_NOMEM
 * Notes: not_defined (no p below 0.025), mixed_directions.
 *
 * Sources: Simonsohn, Nelson & Simmons (2014), J Exp Psychol Gen 143:534-547,
 * doi:10.1037/a0033242, and Perspect Psychol Sci 9:666-681,
 * doi:10.1177/1745691614553988; Simonsohn, Simmons & Nelson (2015), J Exp Psychol Gen
 * 144:1146-1152, doi:10.1037/xge0000104 (Stouffer, the half p-curve, the rules).
 */
MTP_API mtp_status mtp_p_curve(size_t k, const double yi[], const double vi[],
                               const mtp_p_curve_options *options,
                               mtp_p_curve_result **result, mtp_error *err);
MTP_API void mtp_p_curve_free(mtp_p_curve_result *result);

#ifdef __cplusplus
}
#endif

#endif
