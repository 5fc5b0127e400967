/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_STANDARDIZED_H
#define MTP_EFFECTS_STANDARDIZED_H

#include "metapool/effects.h"

/**
 * A difference of means in units of a standard deviation, between groups or times: its
 * effect is g = J(df) d, and its sampling variances differ in two terms alone.
 */
typedef struct mtp_standardized {
    double d;    /* uncorrected */
    double df;   /* of the standard deviation, > 1 where it is corrected */
    double zero; /* variance of g where the true difference is 0 */
    double n;    /* the quadratic term is g^2 / (2 n) */
} mtp_standardized;

/** g = J(df) d, or d where no correction is wanted. */
double mtp_standardized_effect(const mtp_effects_options *options,
                               const mtp_standardized *s);

/**
 * The effect g and its sampling variance by options->vtype:
 *   LS   zero + g^2 / (2 n)
 *   LS2  J^2 (zero + d^2 / (2 n))
 *   UB   zero + (1 - (df - 2) / (df J^2)) g^2
 *   AV   as LS with `average`, of all studies, in place of g
 */
void mtp_standardized_both(const mtp_effects_options *options,
                           const mtp_standardized *s, double average, double *yi,
                           double *vi);

#endif
