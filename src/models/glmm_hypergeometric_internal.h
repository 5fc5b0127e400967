/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_HYPERGEOMETRIC_INTERNAL_H
#define MTP_MODELS_GLMM_HYPERGEOMETRIC_INTERNAL_H

#include "models/glmm_hypergeometric.h"
#include "models/glmm_internal.h"

/**
 * What the files of the exact conditional model share. Symbols, per study:
 *   x of n1 and s - x of n2: events of both groups, s their sum
 *   eta = theta + tau z: log odds ratio of the study, z standard normal; v = tau2
 *   S(eta) = x - E(u | eta) score, w(eta) = Var(u | eta) information
 */

/* Studies that are equal are one entry. */
typedef struct mtp_hyper_study {
    double x, n1, n2, s;
    double lowest, highest; /* of x, given s; lowest < highest */
    double times;           /* how many studies are like this */
    double saturated;       /* log P(x | own): 0 where x is at an end of its range */
    double own, own_w;      /* conditional estimate of eta, w there; else NaN, 0 */
    double log_area;        /* log of the integral of P(x | eta) over eta; else 0 */
    double eta;             /* last conditional mode: where the next search starts */
} mtp_hyper_study;

typedef struct mtp_hyper_sample {
    size_t k;     /* studies that carry something */
    size_t count; /* distinct ones */
    mtp_hyper_study *study;
} mtp_hyper_sample;

/* The distribution of u at eta, and x in it. */
typedef struct mtp_hyper_point {
    double log_p;     /* log P(x | eta) */
    double score;     /* x - mean */
    double w, k3, k4; /* variance, third and fourth cumulant */
} mtp_hyper_point;

/**
 * P(x | eta) and the first four cumulants of u. Sums start near the mode and go on by
 * recurrence to where terms are negligible: O(standard deviation) whatever the counts,
 * without overflow. |eta| counts as 690 at most, where u has been at an end of its
 * range for long.
 */
void mtp_hyper_at(const mtp_hyper_study *study, double eta, mtp_hyper_point *at);

/** A study by itself: own, own_w, saturated and log_area, by search from `start`; at an
 * end of its range its likelihood goes to 1, and only `own` is set, to NaN. */
void mtp_hyper_own_estimate(mtp_hyper_study *study, double start);

/** A mtp_hyper_sample at theta = value->beta[0] and value->tau; for mtp_glmm_search. */
void mtp_hyper_evaluate(void *sample, const mtp_glmm_rule *rule, mtp_glmm_value *value);

#endif
