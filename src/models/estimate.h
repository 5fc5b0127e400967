/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ESTIMATE_H
#define MTP_MODELS_ESTIMATE_H

#include "metapool/pool.h"

#include "core/dd.h"
#include "models/kenward_roger.h"

enum { MTP_STRATUM_CELLS = 4 };

/** The studies of one pooled set as the caller's arrays; NULL where there is no data.
 */
typedef struct mtp_study_set {
    const mtp_measure_info *measure;
    size_t k;
    const double *yi, *vi;                 /* [k] */
    const double *weights;                 /* [k] the user's, or NULL */
    const size_t *cluster;                 /* [k], or NULL */
    const double *events, *n, *time;       /* [k] or NULL */
    const double *cell[MTP_STRATUM_CELLS]; /* [k] each: strata.h; or NULL */
} mtp_study_set;

/**
 * A mean and what its intervals are made from, in the units of yi. Everything stays in
 * double-double until a figure is printed.
 */
typedef struct mtp_mean {
    mtp_dd mu;
    mtp_dd se;     /* Wald standard error */
    mtp_dd tau2;   /* NaN: none, and no prediction interval */
    mtp_dd factor; /* Knapp-Hartung: sum w r^2 / df; NaN: the model has none */
    double df;     /* studies less means */
    mtp_kenward_roger kenward_roger; /* units of yi; df 0: the model has none */
    bool chosen_only; /* no interval but the chosen and Wald's, no prediction but the
                         chosen one */
} mtp_mean;

/** A common-effect estimate: Wald interval, no prediction. */
void mtp_estimate_common(const mtp_mean *mean, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_estimate *estimate,
                         bool *clipped);

/**
 * A random-effects estimate: intervals and predictions side by side, with the chosen
 * ones. Below one degree of freedom the interval is the Wald one.
 *   t           mu +- t(df) se
 *   hksj        mu +- t(df) se sqrt(factor)
 *   hksj-adhoc  the same with max(1, factor)
 *   hksj-wide   hksj, or wald where that is longer
 *   kr          kenward_roger.h
 *   prediction  mu +- c sqrt(tau2 + se^2), c by the list in pool.h; hk and hk-pr
 *               take the standard error of hksj-adhoc when that is the chosen interval
 * pl, hc, nnf and robust are made elsewhere and given to mtp_estimate_take_*.
 * Sources: Knapp & Hartung (2003), Stat Med 22:2693-2710, doi:10.1002/sim.1482;
 * Higgins, Thompson & Spiegelhalter (2009), doi:10.1111/j.1467-985X.2008.00552.x;
 * Partlett & Riley (2017), Stat Med 36:301-317, doi:10.1002/sim.7140.
 */
void mtp_estimate_random(const mtp_mean *mean, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_estimate *estimate,
                         bool *clipped);

/** Enter a chosen interval, or a chosen prediction, that was made elsewhere. */
void mtp_estimate_take_interval(const mtp_interval *made, const mtp_study_set *set,
                                mtp_estimate *estimate, bool *clipped);
void mtp_estimate_take_prediction(const mtp_prediction *made, const mtp_study_set *set,
                                  mtp_estimate *estimate, bool *clipped);

/** An interval that does not exist. */
mtp_interval mtp_interval_missing(mtp_ci_method method);

/** An estimate that does not exist: NaN throughout, the methods as chosen. */
void mtp_estimate_missing(const mtp_pool_options *options, bool random,
                          mtp_estimate *estimate);

/** The prediction that `auto` stands for. */
mtp_pi_method mtp_pi_chosen(const mtp_pool_options *options);

#endif
