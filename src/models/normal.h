/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_NORMAL_H
#define MTP_MODELS_NORMAL_H

#include "metapool/pool.h"

#include "models/estimate.h"
#include "tau2/estimate.h"

/**
 * The normal-normal model of one set of studies, by inverse variances. The fit works on
 * prepared studies and allocates nothing: leaving studies out, drawing subsets or
 * resampling is the same call on other points.
 */

/** A common-effect mean by other weights than inverse variances, around which Q is
 *  taken. */
typedef struct mtp_center {
    const char *id; /* "mh", "peto" */
    mtp_dd mu, se;  /* units of yi; NaN: there is no such mean of these studies */
} mtp_center;

/** A between-study variance that subgroups share. */
typedef struct mtp_shared_tau2 {
    mtp_dd tau2;            /* units of vi */
    mtp_tau2_result result; /* the fit of all subgroups, each with its own mean */
    size_t k, means;        /* studies and subgroups of that fit */
    double df;              /* k - means */
    mtp_dd factor;          /* Knapp-Hartung factor of the regression on the factor */
    mtp_dd tau2_variance;   /* REML: squared units of vi, by the expected information */
    size_t n_sets;          /* intervals of tau2, as in mtp_heterogeneity */
    mtp_tau2_set set[MTP_TAU2_CI_COUNT];
} mtp_shared_tau2;

/** What the notes and the weights need beyond the public result. */
typedef struct mtp_normal_detail {
    mtp_dd tau2; /* units of vi; 0 where one study leaves it undefined */
    double raw;  /* before truncation, units of vi */
    bool truncated;
    double factor;             /* Knapp-Hartung */
    double variance_ratio;     /* largest by smallest vi */
    bool clipped;              /* a back-transform was clipped */
    bool no_center;            /* the mean of the method does not exist */
    int unit;                  /* of the studies */
    mtp_dd w_common, w_random; /* sums of the weights, in the studies' unit */
} mtp_normal_detail;

/** tau2 by options->tau2, or as given; DL by Q around the centres of the blocks, where
 *  there are any. */
void mtp_fit_tau2(const mtp_studies *studies, const mtp_center center[],
                  const mtp_pool_options *options, mtp_tau2_fit *fit);

/** The fit of tau2 to k studies with their means. */
void mtp_describe_fit(const mtp_tau2_result *result, const mtp_pool_options *options,
                      size_t k, size_t means, mtp_fit *fit);

/** qp and wald, which cost little, and the chosen interval, in the order of the list;
 *  none of studies->no_errors.
 *  @return their number */
size_t mtp_tau2_sets(const mtp_studies *studies, const mtp_pool_options *options,
                     const mtp_tau2_fit *fit, mtp_tau2_set set[MTP_TAU2_CI_COUNT]);

/** tau2 of all blocks of the studies together; by options->tau2, or given.
 *  @param center  [blocks] around which DL takes Q, or NULL: inverse-variance means */
void mtp_fit_shared_tau2(const mtp_studies *studies, const mtp_center center[],
                         const mtp_pool_options *options, mtp_shared_tau2 *shared);

/**
 * Pool one block of studies.
 *
 * @param studies  of one block, made from set's yi and vi; with no_errors the intervals
 *                 and predictions of the mean are the chosen ones, and Wald's
 * @param center   the common-effect estimate, around which Q is taken, also that of DL;
 *                 NULL, or without a mean: at inverse variances
 * @param shared   the subgroups' common tau2, or NULL: tau2 of this set by itself
 */
void mtp_fit_normal(const mtp_studies *studies, const mtp_study_set *set,
                    const mtp_center *center, const mtp_pool_options *options,
                    const mtp_shared_tau2 *shared, mtp_pooled *pooled,
                    mtp_normal_detail *detail);

#endif
