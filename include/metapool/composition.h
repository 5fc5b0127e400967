/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_COMPOSITION_H
#define METAPOOL_COMPOSITION_H

#include "metapool/pool.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file composition.h
 * Shares of a total by category, and whether they differ between groups.
 *
 * The counted events are taken as independent: shares are crude sums over cohorts.
 *
 * Threads: every function may be called from several threads at once on different
 * handles; a handle that nobody frees may be read by all of them.
 */

typedef struct mtp_composition_options {
    size_t size;        /* sizeof(mtp_composition_options); set by _init */
    double level;       /* default 0.95 */
    uint64_t seed;      /* Monte Carlo test; default MTP_DEFAULT_SEED */
    size_t draws;       /* most Monte Carlo tables; default 100,000 */
    size_t exact_limit; /* most tables that the exact test visits; default 1,000,000 */
    unsigned threads;   /* default 1; never changes a bit of the result */
} mtp_composition_options;

#define MTP_DEFAULT_SEED UINT64_C(20240618)

/**
 * Set every option to its default.
 * @param size  of the caller's struct, sizeof *options; kept in options->size, so that
 *              a library with more options stays inside it. Options that no _init has
 *              seen (size 0) are refused with MTP_E_ARG.
 */
MTP_API void mtp_composition_options_init(mtp_composition_options *options,
                                          size_t size);

/** A category's share of a total; intervals are NaN where the total is 0. */
typedef struct mtp_share {
    double count, share;
    double wilson[2];  /* Wilson score interval of this share alone */
    double goodman[2]; /* simultaneous over all categories: Goodman (1965) */
    double residual;   /* adjusted standardized residual (Haberman 1973); NaN without
                          groups */
} mtp_share;

typedef struct mtp_composition_group {
    const char *level; /* NULL for the total */
    double total;
    const mtp_share *share; /* [n_categories] */
} mtp_composition_group;

typedef enum mtp_exact_method {
    MTP_EXACT_NONE,        /* no expected count below 5, or no test */
    MTP_EXACT_FULL,        /* every table with these margins */
    MTP_EXACT_MONTE_CARLO, /* random tables with these margins */
} mtp_exact_method;

typedef struct mtp_composition {
    size_t n_categories, n_groups;
    const char *const *category;
    mtp_composition_group total;
    const mtp_composition_group *group; /* [n_groups] */
    mtp_test chi_square, g; /* NaN without at least two groups and categories */
    struct {
        mtp_exact_method method;
        double p;
        double p_se;  /* Monte Carlo standard error; NaN when exact */
        size_t draws; /* as drawn; 0 when exact */
    } exact;
    double expected_min, cramers_v;
    mtp_notes notes;
    mtp_composition_options options; /* as used; last: it grows with the versions */
} mtp_composition;

/**
 * Shares with intervals, and tests that the groups share one composition.
 *
 *   Wilson:   roots p of (x / n - p)^2 = z^2 p (1 - p) / n, z the normal quantile
 *   Goodman:  the same at level 1 - (1 - level) / n_categories, all at once
 *   chi2 = sum (O - E)^2 / E,  G = 2 sum O log(O / E),  E = row sum column sum / N,
 *          df = (groups - 1)(categories - 1), no continuity correction
 *   V    = sqrt(chi2 / (N (min(groups, categories) - 1)))
 *
 * Groups and categories without events are left out of the tests (note empty_margin).
 * Where an expected count is below 5 (note expected_small) a test conditional on the
 * margins follows: p is the probability of all tables with these margins that are no
 * more probable than the observed one, ties within a factor of 1 + 1e-7 included. When
 * there are more than exact_limit tables, p = (1 + hits) / (draws + 1) from random
 * ones, the observed table counting as a draw; draws 0: no test. A draw takes about
 * 1.6 sum sqrt(E (1 - R / N)(1 - C / N)) steps, and a test at most 1e8: where counts
 * are huge there are fewer draws (note expected_small), and where they would be fewer
 * than 1000, no test (note not_defined). The order of groups
 * and categories changes no bit.
 *
 * Sources: Wilson (1927), doi:10.1080/01621459.1927.10502953; Goodman (1965),
 * Technometrics 7:247-254, doi:10.1080/00401706.1965.10490252; Haberman (1973),
 * Biometrics 29:205-220, doi:10.2307/2529686; Freeman & Halton (1951), Biometrika
 * 38:141-149, doi:10.1093/biomet/38.1-2.141; Patefield (1981), Appl Stat 30:91-97,
 * doi:10.2307/2346669.
 *
 * @param n_groups      0: one total, no tests
 * @param n_categories  >= 1
 * @param counts        [n_groups][n_categories] row-major (n_groups 0: [n_categories]),
 *                      whole numbers >= 0
 * @param category      [n_categories] names;  @param level [n_groups] names or NULL
 * @return MTP_OK; MTP_E_ARG for a level outside (0, 1) and options without a size;
 *         MTP_E_DATA for negative or fractional counts; MTP_E_DEGENERATE when all
 *         counts are zero; MTP_E_NOMEM
 *
 * Notes: crude_shares, empty_margin, expected_small, not_defined.
 */
MTP_API mtp_status mtp_composition_compute(const mtp_composition_options *options,
                                           size_t n_groups, size_t n_categories,
                                           const double counts[],
                                           const char *const category[],
                                           const char *const level[],
                                           mtp_composition **result, mtp_error *err);
MTP_API void mtp_composition_free(mtp_composition *result);

#ifdef __cplusplus
}
#endif

#endif
