/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_MULTILEVEL_H
#define METAPOOL_MULTILEVEL_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file multilevel.h
 * Effects in nested groups, such as effects within studies within countries:
 *
 *   y_i = x_i'beta + sum over levels l of u_l,g(i,l) + e_i,
 *   u_l,g ~ N(0, sigma2_l), e_i ~ N(0, v_i), all independent.
 *
 * Level 0 is the outermost. A level whose groups are single effects adds variance
 * between effects; without such a level, effects of one group differ by sampling alone.
 *
 * Symbols: V the marginal covariance of y, block by block of level 0; W = V^-1;
 * C = (X'WX)^-1; P = W - WXCX'W.
 */

enum { MTP_LEVELS_MAX = 6 };

typedef struct mtp_multilevel_options {
    size_t size;            /* sizeof(mtp_multilevel_options); set by _init */
    mtp_tau2_method method; /* MTP_TAU2_REML (default) or MTP_TAU2_ML */
    const double *sigma2;   /* [n_levels] >= 0 and finite, squared units of yi: given
                               values; NaN: to be estimated. NULL (default): all */
    double level;           /* of intervals, 0 < level < 1; default 0.95 */
    bool intervals;         /* make those of sigma2; default true */
    mtp_level_df df;        /* default residual */
} mtp_multilevel_options;

MTP_API void mtp_multilevel_options_init(mtp_multilevel_options *options, size_t size);

/** The best linear unbiased predictions of the random effects of one level,
 *  u = sigma2 Z'P y, with se = sqrt(sigma2 - sigma2^2 diag(Z'PZ)). */
typedef struct mtp_level_effects {
    size_t n_groups;
    const size_t *first; /* [n_groups] an effect of each group, from 0; groups are in
                            order of their path of numbers */
    const size_t *group; /* [k] which group each effect is in, < n_groups */
    const double *estimate, *se; /* [n_groups], units of yi */
} mtp_level_effects;

typedef struct mtp_variance_component {
    const char *name;
    double sigma2; /* squared units of yi */
    double se;     /* of sigma2, by the observed information of the levels above 0; NaN
                      for one at 0, given or not estimable */
    bool given;    /* not estimated: options->sigma2 */
    bool
        confounded; /* the columns tell all its groups apart (one group: the mean
                       does), so that nothing is left to estimate it from: taken as 0 */
    mtp_set_status ci_status; /* profile likelihood; MTP_SET_UNDEFINED unless estimated,
                                 and where intervals were not asked for */
    double ci[2];
    double I2;          /* percent: 100 sigma2 / (sum of all sigma2 + vt) */
    double correlation; /* of the true effects of two studies that share this group but
                           none of the levels below: sum of sigma2 to this level / sum
                           of all; NaN where all are 0 */
    mtp_level_effects effects;
} mtp_variance_component;

/** A local maximum of the likelihood. */
typedef struct mtp_multilevel_mode {
    double sigma2[MTP_LEVELS_MAX];
    double loglik;
} mtp_multilevel_mode;

/** A likelihood at the estimates, with all constants. AIC and the others count the
 *  coefficients and the variances that were estimated; BIC and AICc take k effects for
 *  ML and k - p for REML. */
typedef struct mtp_information {
    double loglik, AIC, AICc, BIC;
} mtp_information;

typedef struct mtp_multilevel_result {
    size_t k, p;
    const double *beta; /* [p] = C X'W y */
    const double *vcov; /* [p * p] = C, row by row */
    const double *df;   /* [p] by options->df; NaN: normal */
    size_t n_levels;
    const mtp_variance_component *levels; /* [n_levels] */
    double tau2, tau;                     /* sum of all sigma2, and its root */
    double I2;                            /* 100 tau2 / (tau2 + vt) */
    double vt; /* typical sampling variance, (k - p) / tr P where all sigma2 are 0 */
    double Q, Q_df, Q_p, Q_log_p; /* residual, where all sigma2 are 0; k - p df */
    mtp_information ml, reml;
    size_t n_estimated; /* sigma2 that were estimated */
    size_t iterations;  /* evaluations of the likelihood */
    size_t n_modes;     /* local maxima found, the highest first */
    mtp_multilevel_mode modes[MTP_MODES_MAX];
    const double *fitted;   /* [k] x_i'beta */
    const double *residual; /* [k] yi - fitted */
    const double *blup;     /* [k] fitted, and the predicted effects of its groups: the
                               true effect */
    const double *blup_se;  /* [k] sqrt(vi - vi^2 P_ii) */
    const double *hat;      /* [k] leverages, diag(X C X'W) */
    const double *weight;   /* [k] percent: row sums of W by their sum */
    mtp_notes notes;
    mtp_multilevel_options options; /* as used; last */
} mtp_multilevel_result;

/**
 * Fit the model by maximum or restricted maximum likelihood, in time and memory
 * proportional to k: no matrix of the size of a group is ever made.
 *
 * The likelihood is maximized from every local maximum of a grid over the sigma2, 0
 * among its values, by Newton steps with analytic first and second derivatives; a
 * sigma2 is 0 exactly where the likelihood falls there. Intervals: all sigma2_l at
 * which 2 (max ll - ll) is at most the quantile of chi-square with 1 df, ll at its best
 * in all other sigma2 that are estimated.
 *
 * @param k         effects, more than columns
 * @param yi        [k] finite
 * @param vi        [k] finite, > 0, squared units of yi
 * @param p         columns, >= 1
 * @param x         [k * p] row by row, finite, of full rank; NULL with p = 1: a mean
 * @param n_levels  1 .. MTP_LEVELS_MAX
 * @param levels    [n_levels] from the outermost; names and options->sigma2 are copied
 * @param options   NULL: the defaults
 * @param result    out, freed with mtp_multilevel_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (an option, the number of levels); MTP_E_DATA for effects,
 *         variances or columns that are out of range (err->line is the 1-based effect)
 *         or too far apart for a double, for a column that is a combination of those
 *         before it, for k <= p, and for two levels with the same groups, both to be
 *         estimated, which nothing tells apart; MTP_E_NOMEM
 * Sources: Harville (1977), J Am Stat Assoc 72:320-338,
 * doi:10.1080/01621459.1977.10480998; Konstantopoulos (2011), Res Synth Methods
 * 2:61-76, doi:10.1002/jrsm.35; Van den Noortgate et al. (2013), Behav Res Methods
 * 45:576-594, doi:10.3758/s13428-012-0261-6. I2: Nakagawa & Santos (2012), Evol Ecol
 * 26:1253-1274, doi:10.1007/s10682-012-9555-5; Cheung (2014), Psychol Methods
 * 19:211-229, doi:10.1037/a0032968.
 */
MTP_API mtp_status mtp_multilevel(size_t k, const double yi[], const double vi[],
                                  size_t p, const double x[], size_t n_levels,
                                  const mtp_level levels[],
                                  const mtp_multilevel_options *options,
                                  mtp_multilevel_result **result, mtp_error *err);
MTP_API void mtp_multilevel_free(mtp_multilevel_result *result);

/**
 * The marginal covariance of the effects of one group of level 0, dense; it is 0
 * between such groups. For mtp_robust, whose mtp_robust_block it is.
 *
 * @param result  a const mtp_multilevel_result
 * @param group   < levels[0].effects.n_groups
 * @param row     [n] out: which effects the group holds; NULL: only n is wanted
 * @param v       [n * n] out, row by row, squared units of yi; or NULL
 * @return n, effects in the group
 */
MTP_API size_t mtp_multilevel_block(const void *result, size_t group, size_t row[],
                                    double v[]);

#ifdef __cplusplus
}
#endif

#endif
