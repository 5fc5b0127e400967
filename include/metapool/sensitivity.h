/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_SENSITIVITY_H
#define METAPOOL_SENSITIVITY_H

#include "metapool/pool.h"
#include "metapool/regress.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file sensitivity.h
 * How much a result rests on single studies: fits without some of them, fits that
 * gather them one after the other, influence diagnostics, and fits of all subsets.
 * Every fit is the one that mtp_pool or mtp_regress makes of the same studies, to the
 * last bit, and no number of threads changes one.
 *
 * Every function may be called from several threads at once.
 */

/** A pooled estimate without the lists of mtp_estimate. NaN: there is none. */
typedef struct mtp_subset_estimate {
    double estimate, se, df; /* analysis scale; df NaN: normal */
    double statistic, p, log_p;
    double ci_lower, ci_upper, pi_lower, pi_upper; /* by the chosen methods */
    double null_value; /* what `p` is against; NaN: no test */
    struct {
        double estimate, ci_lower, ci_upper, pi_lower, pi_upper;
    } back;         /* natural scale */
    double wald_se; /* `se` is that of the chosen interval */
} mtp_subset_estimate;

/** The fit of some of the studies; figures as in mtp_pooled. */
typedef struct mtp_subset_fit {
    size_t k;          /* studies in it */
    mtp_status status; /* of mtp_pool: why there is no fit (no studies, all weights 0);
                          every figure is NaN then */
    bool exists;
    mtp_subset_estimate common, random;
    double Q, df, Q_p, Q_log_p;
    double tau2, I2, H2, I2_Q;
} mtp_subset_fit;

typedef struct mtp_subset_fits {
    mtp_subset_fit all; /* of all studies */
    size_t n;
    const mtp_subset_fit *fit; /* [n] */
    const size_t *pair; /* leave-two-out: [2 n] the studies left out of each, from
                           0, the smaller first; else NULL */
    const size_t *step; /* cumulative: [k] the fit that study i is the first time
                           in; else NULL */
} mtp_subset_fits;

/**
 * Pool without each study, or without each group of studies (clusters, subgroups).
 *
 * @param effects   from mtp_effects_compute
 * @param options   as of mtp_pool, any method; NULL: the defaults. Weights, clusters
 *                  and levels are of all studies
 * @param n_groups  fit g is that without the studies of group g
 * @param group     [k] < n_groups, or NULL: each study by itself (n_groups is not used)
 * @param result    out, freed with mtp_subset_fits_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG for a study without a group; as mtp_pool of all studies
 */
MTP_API mtp_status mtp_leave_out(const mtp_effects *effects,
                                 const mtp_pool_options *options, size_t n_groups,
                                 const size_t group[], mtp_subset_fits **result,
                                 mtp_error *err);

/** Pool without each two studies: k (k - 1) / 2 fits, in the order of `pair`. */
MTP_API mtp_status mtp_leave_two_out(const mtp_effects *effects,
                                     const mtp_pool_options *options,
                                     mtp_subset_fits **result, mtp_error *err);

/**
 * Pool the studies as they gather: Lau et al. (1992), N Engl J Med 327:248-254,
 * doi:10.1056/NEJM199207233270406.
 *
 * @param order  [k] finite, such as years; in increasing order, equal ones together;
 *               NULL: the order in which they stand
 * @return as mtp_leave_out; MTP_E_ARG for a value that is not finite
 */
MTP_API mtp_status mtp_cumulate(const mtp_effects *effects,
                                const mtp_pool_options *options, const double order[],
                                mtp_subset_fits **result, mtp_error *err);
MTP_API void mtp_subset_fits_free(mtp_subset_fits *fits);

/* X(enum, id, label): what makes a study influential, each by itself, p coefficients.
 */
/* clang-format off */
#define MTP_INFLUENCE_RULE_LIST(X)                                                     \
    X(MTP_INFLUENCE_DFFITS, "dffits", "|dffits| > 3 sqrt(p / (k - p))")                \
    X(MTP_INFLUENCE_COOKS_D, "cooks_d", "P(chi2(p) <= Cook's distance) > 1/2")         \
    X(MTP_INFLUENCE_HAT, "hat", "hat > 3 p / k")                                       \
    X(MTP_INFLUENCE_DFBETAS, "dfbetas", "any |dfbetas| > 1")
/* clang-format on */

typedef enum mtp_influence_rule {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_INFLUENCE_RULE_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_INFLUENCE_RULE_COUNT
} mtp_influence_rule;

/** Static text, "" for an unknown value. */
MTP_API const char *mtp_influence_rule_id(mtp_influence_rule rule);
MTP_API const char *mtp_influence_rule_label(mtp_influence_rule rule);

/** What a rule compares with, of k studies and p coefficients: 3 sqrt(p / (k - p)), the
 *  median of chi-square with p df, 3 p / k, 1. NaN: without a degree of freedom. */
MTP_API double mtp_influence_cutoff(mtp_influence_rule rule, size_t k, size_t p);

/**
 * What one study does to the fit. (i) is the fit without it: b_(i), V_(i), tau2_(i).
 * NaN where there is no such fit: the design loses rank without the study, or it has no
 * degree of freedom left.
 */
typedef struct mtp_study_influence {
    double rstudent; /* (y - x'b_(i)) / sqrt(v + tau2_(i) + x'V_(i) x) */
    double dffits;   /* x'(b - b_(i)) / sqrt(hat (v + tau2_(i))) */
    double cooks_d;  /* (b - b_(i))' V^-1 (b - b_(i)) */
    double cov_r;    /* |V_(i)| / |V| */
    double tau2_del, Q_del;
    double hat;            /* leverage: w x'V x */
    double weight;         /* percent of sum w */
    const double *dfbetas; /* [p] (b - b_(i)) by the se of b at weights 1 / (v +
                              tau2_(i)) of all studies */
    const double *estimate_del, *se_del; /* [p] b_(i) and its se, before any factor */
    unsigned flags;                      /* bit 1 << rule for each rule that it meets */
    bool influential;                    /* any of them */
    double baujat_x, baujat_y; /* (y - x'b)^2 / (v + tau2), and x'(b - b_(i))^2 /
                                  x'V_(i) x */
    double radial_x, radial_z; /* 1 / sqrt(v + tau2), y / sqrt(v + tau2) */
} mtp_study_influence;

typedef struct mtp_influence_options {
    size_t size;          /* sizeof(mtp_influence_options); set by _init */
    mtp_tau2_method tau2; /* default REML */
    double tau2_value;    /* with MTP_TAU2_GIVEN: >= 0 */
    unsigned threads;     /* default 1; never changes a bit of the result */
    bool whole; /* of the fit of all studies alone: figures of (i) are NaN, no flags;
                   default false */
} mtp_influence_options;

MTP_API void mtp_influence_options_init(mtp_influence_options *options, size_t size);

typedef struct mtp_influence_result {
    size_t k, p;
    double tau2, Q;                   /* of all studies */
    const double *estimate, *se;      /* [p] */
    const mtp_study_influence *study; /* [k] in the order of the effects */
} mtp_influence_result;

/**
 * Influence diagnostics of an inverse-variance pooling or meta-regression. Covariances
 * are those of the model, (X'WX)^-1, without a factor of Knapp and Hartung.
 *
 * @param effects     k effects
 * @param moderators  NULL: pooling, one coefficient
 * @param options     NULL: the defaults
 * @param result      out, freed with mtp_influence_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG for options without a size or out of range; MTP_E_DATA as
 *         mtp_pool and mtp_regress; MTP_E_NOMEM
 * Sources: Viechtbauer & Cheung (2010), Res Synth Methods 1:112-125,
 * doi:10.1002/jrsm.11 (diagnostics and rules); Baujat et al. (2002), Stat Med
 * 21:2641-2652, doi:10.1002/sim.1221; Galbraith (1988), Stat Med 7:889-894,
 * doi:10.1002/sim.4780070807 (radial coordinates).
 */
MTP_API mtp_status mtp_influence(const mtp_effects *effects,
                                 const mtp_moderators *moderators,
                                 const mtp_influence_options *options,
                                 mtp_influence_result **result, mtp_error *err);
MTP_API void mtp_influence_free(mtp_influence_result *result);

enum { MTP_GOSH_ALL = 20 }; /* studies up to which all subsets are taken */

/** The pooled fit of one subset, by inverse variances. */
typedef struct mtp_gosh_fit {
    const uint64_t *included; /* bit i % 64 of word i / 64: study i is in it */
    size_t k;
    double estimate, se; /* NaN where mtp_pool has no answer */
    double tau2, Q;      /* tau2 NaN of one study, unless it is given */
    double I2, H2;       /* from tau2; EE: from Q, as I2_Q and Q / (k - 1) */
} mtp_gosh_fit;

/**
 * Takes the next fits, from the calling thread and in order; they are gone when it
 * returns.
 * @return MTP_OK; anything else ends the run with this status
 */
typedef mtp_status (*mtp_gosh_sink)(void *context, size_t n, const mtp_gosh_fit fit[]);

typedef struct mtp_gosh_options {
    size_t size;          /* sizeof(mtp_gosh_options); set by _init */
    mtp_tau2_method tau2; /* default REML */
    double tau2_value;    /* with MTP_TAU2_GIVEN: >= 0 */
    uint64_t subsets;     /* to draw where there are more than MTP_GOSH_ALL studies,
                             each study in or out with probability 1/2 (never all out):
                             default 2^20 */
    uint64_t seed;        /* of Philox 4x32-10, random.h */
    unsigned threads;     /* default 1; never changes a bit of the result */
    mtp_gosh_sink sink;   /* NULL: the summary alone */
    void *context;        /* of sink */
} mtp_gosh_options;

MTP_API void mtp_gosh_options_init(mtp_gosh_options *options, size_t size);

/** Means over subsets of two studies or more. NaN: there are none. */
typedef struct mtp_gosh_mean {
    uint64_t n;
    double estimate, tau2, I2;
    double estimate_sd; /* standard deviation, n - 1 */
} mtp_gosh_mean;

typedef struct mtp_gosh_result {
    size_t k;
    uint64_t n;  /* fits made, subsets of one study among them */
    bool sample; /* drawn, not all that there are */
    mtp_gosh_mean all;
    const mtp_gosh_mean *with, *without; /* [k] of the subsets with, without study i */
    size_t outlier; /* the study without which the mean I2 is the smallest (tau2 where
                       they are equal; the first of equals) */
} mtp_gosh_result;

/**
 * Graphical display of study heterogeneity: pool every subset of the studies, or a
 * sample of them. Olkin, Dahabreh & Trikalinos (2012), Res Synth Methods 3:214-223,
 * doi:10.1002/jrsm.1053.
 *
 * All subsets come in the order of their bits as a number, from 1.
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_gosh_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (options; no subsets to draw); MTP_E_DATA as mtp_pool;
 *         MTP_E_NOMEM; what the sink returned
 */
MTP_API mtp_status mtp_gosh(const mtp_effects *effects, const mtp_gosh_options *options,
                            mtp_gosh_result **result, mtp_error *err);
MTP_API void mtp_gosh_free(mtp_gosh_result *result);

#ifdef __cplusplus
}
#endif

#endif
