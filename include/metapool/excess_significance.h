/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_EXCESS_SIGNIFICANCE_H
#define METAPOOL_EXCESS_SIGNIFICANCE_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file excess_significance.h
 * The test of excess significance: are more studies significant than their power lets
 * expect?
 */

/* X(enum, id, label) */
#define MTP_EXCESS_TEST_LIST(X)                                                        \
    X(MTP_EXCESS_EXACT, "exact", "exact, each study with its own power")               \
    X(MTP_EXCESS_CHI2, "chi2", "Pearson's chi-square")                                 \
    X(MTP_EXCESS_BINOMIAL, "binom", "binomial, all studies with the average power")

#define MTP_TAILS_LIST(X)                                                              \
    X(MTP_TAILS_TWO, "two.sided", "in either direction")                               \
    X(MTP_TAILS_GREATER, "greater", "greater")                                         \
    X(MTP_TAILS_LESS, "less", "less")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_excess_test {
    MTP_EXCESS_TEST_LIST(MTP_ENUM_ITEM) MTP_EXCESS_TEST_COUNT
} mtp_excess_test;
typedef enum mtp_tails { MTP_TAILS_LIST(MTP_ENUM_ITEM) MTP_TAILS_COUNT } mtp_tails;
#undef MTP_ENUM_ITEM

MTP_API const char *mtp_excess_test_id(mtp_excess_test test);
MTP_API const char *mtp_excess_test_label(mtp_excess_test test);
MTP_API int mtp_excess_test_from_id(const char *id);
MTP_API const char *mtp_tails_id(mtp_tails tails);
MTP_API const char *mtp_tails_label(mtp_tails tails);
MTP_API int mtp_tails_from_id(const char *id);

typedef struct mtp_excess_options {
    size_t size;          /* sizeof(mtp_excess_options); set by _init */
    double null_value;    /* of the studies' tests, on the scale of yi; default 0 */
    mtp_tails studies;    /* how they test; default two.sided */
    double alpha;         /* of their tests, 0 < alpha < 1; default 0.05 */
    double theta;         /* the true effect; NaN (default): the pooled mean */
    mtp_tau2_method tau2; /* of the true effects; default EE: they are all theta */
    double tau2_value;    /* with MTP_TAU2_GIVEN: >= 0 */
    mtp_excess_test test; /* default exact */
    mtp_tails tails;      /* of the test of O against E; default greater */
} mtp_excess_options;

MTP_API void mtp_excess_options_init(mtp_excess_options *options, size_t size);

typedef struct mtp_excess_result {
    size_t k;
    size_t observed;         /* O, significant studies */
    double expected, ratio;  /* E = sum of the powers; O / E */
    double theta, tau2;      /* at which the powers are taken */
    const double *power;     /* [k] */
    const bool *significant; /* [k] */
    double statistic;        /* chi2; else NaN */
    double p, log_p;
    mtp_excess_options options; /* as used; last */
} mtp_excess_result;

/**
 * Test of excess significance.
 *
 * Study i is significant where (yi - null) / sqrt(vi) is beyond the critical value. Its
 * power is the probability of that for yi ~ N(theta, vi + tau2).
 *
 *   exact   O as the sum of k different coins, by convolution; O(k^2)
 *   chi2    (O - E)^2 / E + (O - E)^2 / (k - E), 1 df; one-sided by its signed root
 *   binom   O as binomial with probability E / k
 *
 * Two-sided exact and binomial p are of all numbers that are no more probable than O.
 *
 * @param k        >= 1
 * @param yi       [k] finite
 * @param vi       [k] finite, > 0
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_excess_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG; MTP_E_DATA as mtp_tau2_estimate; MTP_E_NOMEM
 * Sources: Ioannidis & Trikalinos (2007), Clin Trials 4:245-253,
 * doi:10.1177/1740774507079441; the exact test Francis (2013), J Math Psychol
 * 57:153-169, doi:10.1016/j.jmp.2013.02.003.
 */
MTP_API mtp_status mtp_excess_significance(size_t k, const double yi[],
                                           const double vi[],
                                           const mtp_excess_options *options,
                                           mtp_excess_result **result, mtp_error *err);
MTP_API void mtp_excess_free(mtp_excess_result *result);

#ifdef __cplusplus
}
#endif

#endif
