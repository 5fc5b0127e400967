/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_SELECTION_H
#define METAPOOL_SELECTION_H

#include "metapool/pool.h"
#include "metapool/regress.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file selection.h
 * Selection models: an effect with p-value p is seen with a probability proportional to
 * w(p), so that the density of what is seen is
 *   w(p_i) N(y_i; x_i'beta, v_i + tau2) / A_i,
 *   A_i = integral w(p(y)) N(y; x_i'beta, v_i + tau2) dy,
 * with p of z = y / sqrt(v_i): 1 - Phi(z) (greater), Phi(z) (less) or 2 (1 - Phi(|z|))
 * (two.sided).
 *
 *   beta        p^(delta1 - 1) (1 - p)^(delta2 - 1)      none at delta = (1, 1)
 *   halfnormal  exp(-delta p^2)                          none at delta = 0
 *   negexp      exp(-delta p)                            none at delta = 0
 *   logistic    2 exp(-delta p) / (1 + exp(-delta p))    none at delta = 0
 *   power       (1 - p)^delta                            none at delta = 0
 *   step        delta_j for a_(j-1) < p <= a_j, delta_1 = 1     none at delta = 1
 *
 * Sources: Hedges (1992), Stat Sci 7:246-255, doi:10.1214/ss/1177011364, and Vevea &
 * Hedges (1995), Psychometrika 60:419-435, doi:10.1007/BF02294384 (step); Citkowicz &
 * Vevea (2017), Psychol Methods 22:28-41, doi:10.1037/met0000119 (beta); Preston, Ashby
 * & Smyth (2004), J Eval Clin Pract 10:313-322, doi:10.1111/j.1365-2753.2003.00457.x
 * (halfnormal, negexp, logistic; power has their properties); Vevea & Woods (2005),
 * Psychol Methods 10:428-443, doi:10.1037/1082-989X.10.4.428 (fixed weights).
 */

/* X(enum, id, label) */
#define MTP_SELECTION_LIST(X)                                                          \
    X(MTP_SELECTION_BETA, "beta", "beta weights")                                      \
    X(MTP_SELECTION_HALFNORMAL, "halfnormal", "half-normal weights")                   \
    X(MTP_SELECTION_NEGEXP, "negexp", "negative exponential weights")                  \
    X(MTP_SELECTION_LOGISTIC, "logistic", "logistic weights")                          \
    X(MTP_SELECTION_POWER, "power", "power weights")                                   \
    X(MTP_SELECTION_STEP, "step", "step function")

#define MTP_SELECTION_SIDE_LIST(X)                                                     \
    X(MTP_SELECTION_GREATER, "greater", "one-sided, positive effects")                 \
    X(MTP_SELECTION_LESS, "less", "one-sided, negative effects")                       \
    X(MTP_SELECTION_TWO_SIDED, "two.sided", "two-sided")

/* Weights by Vevea & Woods (2005), table 1, of one-sided p-values. */
#define MTP_VEVEA_WOODS_LIST(X)                                                        \
    X(MTP_VEVEA_WOODS_MODERATE_ONE, "moderate-one", "moderate one-tailed selection")   \
    X(MTP_VEVEA_WOODS_SEVERE_ONE, "severe-one", "severe one-tailed selection")         \
    X(MTP_VEVEA_WOODS_MODERATE_TWO, "moderate-two", "moderate two-tailed selection")   \
    X(MTP_VEVEA_WOODS_SEVERE_TWO, "severe-two", "severe two-tailed selection")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_selection_type {
    MTP_SELECTION_LIST(MTP_ENUM_ITEM) MTP_SELECTION_COUNT
} mtp_selection_type;
typedef enum mtp_selection_side {
    MTP_SELECTION_SIDE_LIST(MTP_ENUM_ITEM) MTP_SELECTION_SIDE_COUNT
} mtp_selection_side;
typedef enum mtp_vevea_woods {
    MTP_VEVEA_WOODS_LIST(MTP_ENUM_ITEM) MTP_VEVEA_WOODS_COUNT
} mtp_vevea_woods;
#undef MTP_ENUM_ITEM

/* Ids as typed on the command line and labels for people; _from_id: any case, -1 if
 * none. */
MTP_API const char *mtp_selection_id(mtp_selection_type type);
MTP_API const char *mtp_selection_label(mtp_selection_type type);
MTP_API int mtp_selection_from_id(const char *id);
MTP_API const char *mtp_selection_side_id(mtp_selection_side side);
MTP_API const char *mtp_selection_side_label(mtp_selection_side side);
MTP_API int mtp_selection_side_from_id(const char *id);
MTP_API const char *mtp_vevea_woods_id(mtp_vevea_woods which);
MTP_API const char *mtp_vevea_woods_label(mtp_vevea_woods which);
MTP_API int mtp_vevea_woods_from_id(const char *id);

enum { MTP_SELECTION_STEPS_MAX = 20 };

/** What keeps a delta from being an inner maximum. */
typedef enum mtp_selection_limit {
    MTP_SELECTION_FREE,      /* nothing does */
    MTP_SELECTION_GIVEN,     /* given, or the 1 of the first interval */
    MTP_SELECTION_AT_LOWER,  /* 0, beyond which the likelihood would rise */
    MTP_SELECTION_AT_UPPER,  /* delta_max, the same */
    MTP_SELECTION_NO_STUDIES /* 0: the interval of p-values has no study */
} mtp_selection_limit;

typedef struct mtp_selection_options {
    size_t size;             /* sizeof(mtp_selection_options); set by _init */
    mtp_selection_type type; /* MTP_SELECTION_STEP by default */
    mtp_selection_side side; /* MTP_SELECTION_GREATER by default */
    mtp_tau2_method tau2;    /* MTP_TAU2_ML (default), or MTP_TAU2_EE: tau2 = 0 */
    size_t n_steps;          /* of step; 0: one, 0.025 (two.sided: 0.05) */
    const double *steps;     /* [n_steps] a_1 < a_2 < ... in (0, 1); 1 is added */
    size_t n_delta;          /* 0: delta is estimated */
    const double *delta;     /* [n_delta] given instead, all: finite, >= 0; step:
                                n_steps + 1, of which only ratios matter */
    double p_censored; /* beta, power: p counts as at least this and at most 1 - this,
                          for their weights may be infinite at 0 or 1; 1e-15 to 0.1 */
    double delta_max;  /* of all types but step */
    double level;      /* of the intervals */
} mtp_selection_options;

/** Defaults: p_censored 1e-5, delta_max 100, level 0.95. */
MTP_API void mtp_selection_options_init(mtp_selection_options *options, size_t size);

/** Set type, side, steps and delta of the options to weights of Vevea & Woods for
 *  selection of positive (greater) or negative (less) effects. */
MTP_API void mtp_selection_vevea_woods(mtp_selection_options *options,
                                       mtp_vevea_woods which, mtp_selection_side side);

typedef struct mtp_selection_result {
    size_t k, p, n_delta;
    const mtp_coefficient *beta;      /* [p] normal tests and intervals; name NULL */
    double tau2, tau2_se;             /* se NaN at 0, and where it is singular */
    mtp_test tau2_test;               /* likelihood ratio of tau2 = 0, chi-square 1 df;
                                         missing for MTP_TAU2_EE */
    const double *delta, *delta_se;   /* [n_delta]; se NaN where there is none */
    const mtp_selection_limit *limit; /* [n_delta] */
    const size_t *count;              /* [n_delta] studies by interval; NULL but for
                                         step */
    /* [(p + 1 + n_delta)^2] of beta, tau2, delta: the inverse of the observed
     * information of those that are free; NaN of others. A delta at a limit counts as
     * free where that information is positive definite, for weights are defined beyond
     * it. tau2 = 0 does not. */
    const double *vcov;
    double loglik;        /* with all constants but that of w */
    double loglik_null;   /* at the same model without selection */
    mtp_test test;        /* likelihood ratio of no selection; missing where delta is
                             given */
    double gradient_norm; /* of the log-likelihood in beta, tau2 and delta, but those
                             at a limit */
    size_t n_modes;       /* local maxima found */
    size_t evaluations;   /* of the likelihood */
    mtp_notes notes;
    mtp_selection_options options; /* as used; steps and delta in the result; last */
} mtp_selection_result;

/**
 * Fit a selection model by maximum likelihood, or with given weights.
 *
 * A_i and its derivatives are sums of normal probabilities where w is constant, and
 * else Gauss-Legendre quadrature between the kinks of w, halved until no log A_i
 * changes by more than 1e-13 of 1 or itself. The maximum is found by Newton's method
 * with analytic gradient and observed information, in delta (step: log delta) and tau2
 * >= 0, from several starts.
 *
 * @param k       studies, k > p
 * @param yi, vi  [k] finite; vi > 0
 * @param x       [k * p] row by row, of full rank; NULL with p = 1: ones
 * @param result  out, freed with mtp_selection_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (an option, no column); MTP_E_DATA: a figure out of range
 *         (err->line is the 1-based study), a column that is a combination of those
 *         before it; MTP_E_DEGENERATE: too few studies, no p-value in the first
 *         interval, or a given weight 0 where there is a study; MTP_E_NOCONV: no
 *         finite maximum was found; MTP_E_NOMEM
 * Notes: tau2_zero, selection_limit, multiple_modes, unbounded, not_defined.
 */
MTP_API mtp_status mtp_selection(size_t k, const double yi[], const double vi[],
                                 size_t p, const double x[],
                                 const mtp_selection_options *options,
                                 mtp_selection_result **result, mtp_error *err);
MTP_API void mtp_selection_free(mtp_selection_result *result);

#ifdef __cplusplus
}
#endif

#endif
