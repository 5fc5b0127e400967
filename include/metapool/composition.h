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
 */

typedef struct mtp_composition_options {
    size_t size;        /* sizeof(mtp_composition_options); set by _init */
    double level;       /* default 0.95 */
    uint64_t seed;      /* Monte Carlo test; default MTP_DEFAULT_SEED */
    size_t draws;       /* Monte Carlo tables; default 100,000 */
    size_t exact_limit; /* most tables that the exact test visits; default 1,000,000 */
    unsigned threads;   /* default 1; never changes a bit of the result */
} mtp_composition_options;

#define MTP_DEFAULT_SEED UINT64_C(20240618)

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
    MTP_EXACT_NONE,
    MTP_EXACT_FULL,
    MTP_EXACT_MONTE_CARLO
} mtp_exact_method;

typedef struct mtp_composition {
    mtp_composition_options options;
    size_t n_categories, n_groups;
    const char *const *category;
    mtp_composition_group total;
    const mtp_composition_group *group; /* [n_groups] */
    mtp_test chi_square, g; /* NaN without at least two groups and categories */
    struct {
        mtp_exact_method method;
        double p;
        double p_se; /* Monte Carlo standard error; NaN when exact */
        size_t draws;
    } exact;
    double expected_min, cramers_v;
    mtp_notes notes;
} mtp_composition;

/**
 * @param n_groups      0: one total, no tests
 * @param n_categories  >= 1
 * @param counts        [n_groups][n_categories] row-major (n_groups 0: [n_categories]),
 *                      whole numbers >= 0
 * @param category      [n_categories] names;  @param level [n_groups] names or NULL
 * @return MTP_OK; MTP_E_DATA for negative or fractional counts; MTP_E_DEGENERATE when
 *         all counts are zero; MTP_E_NOMEM
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
