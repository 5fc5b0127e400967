/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_TRIM_FILL_H
#define METAPOOL_TRIM_FILL_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file trim_fill.h
 * Trim and fill: how many studies are missing on one side of the funnel, and what
 * pooling gives with their mirror images filled in.
 *
 * A look at how sensitive a result is to one way of losing studies, not a better
 * estimate of the effect.
 */

/* X(enum, id, label) */
#define MTP_TRIM_FILL_LIST(X)                                                          \
    X(MTP_TRIM_FILL_L0, "L0", "linear in the sum of ranks")                            \
    X(MTP_TRIM_FILL_R0, "R0", "rightmost run of ranks")                                \
    X(MTP_TRIM_FILL_Q0, "Q0", "quadratic in the number of missing studies")

/* The side of the funnel where studies are missing. */
#define MTP_SIDE_LIST(X)                                                               \
    X(MTP_SIDE_AUTO, "auto", "by the slope of Egger's regression")                     \
    X(MTP_SIDE_LEFT, "left", "small effects are missing")                              \
    X(MTP_SIDE_RIGHT, "right", "large effects are missing")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_trim_fill_estimator {
    MTP_TRIM_FILL_LIST(MTP_ENUM_ITEM) MTP_TRIM_FILL_COUNT
} mtp_trim_fill_estimator;
typedef enum mtp_side { MTP_SIDE_LIST(MTP_ENUM_ITEM) MTP_SIDE_COUNT } mtp_side;
#undef MTP_ENUM_ITEM

/* Ids as typed and labels for people; _from_id: any case, -1 if none. */
MTP_API const char *mtp_trim_fill_id(mtp_trim_fill_estimator estimator);
MTP_API const char *mtp_trim_fill_label(mtp_trim_fill_estimator estimator);
MTP_API int mtp_trim_fill_from_id(const char *id);
MTP_API const char *mtp_side_id(mtp_side side);
MTP_API const char *mtp_side_label(mtp_side side);
MTP_API int mtp_side_from_id(const char *id);

typedef struct mtp_trim_fill_options {
    size_t size;                       /* sizeof(mtp_trim_fill_options); set by _init */
    mtp_trim_fill_estimator estimator; /* default L0 */
    mtp_side side;                     /* default auto */
} mtp_trim_fill_options;

MTP_API void mtp_trim_fill_options_init(mtp_trim_fill_options *options, size_t size);

/** A study that was filled in. */
typedef struct mtp_filled {
    size_t study; /* < k: the study that it mirrors */
    double yi, vi;
} mtp_filled;

typedef struct mtp_trim_fill_result {
    mtp_trim_fill_estimator estimator;
    mtp_side side;     /* left or right */
    size_t k;          /* observed studies */
    double slope;      /* auto: of Egger's regression, chooses the side; else NaN */
    size_t k0;         /* missing studies */
    double k0_se;      /* NaN where the estimate of the variance is negative */
    double k0_p;       /* R0: of no missing study on this side; else NaN */
    size_t iterations; /* fits until k0 stayed */
    double center;     /* mean of the trimmed studies: the mirror */
    const mtp_filled *fill;        /* [k0] from the most extreme study on */
    const mtp_pool_result *pooled; /* observed studies, then the filled ones; its k is
                                      k + k0 */
} mtp_trim_fill_result;

/**
 * Trim and fill.
 *
 * The k0 most extreme studies of the other side are trimmed, the rest pooled, all
 * studies centred there, and k0 is estimated anew from the signed ranks of |yi -
 * center|, until it stays. With T the sum of the ranks of that side, g the number of
 * its studies beyond the last one of the missing side:
 *
 *   R0  k0 = g - 1,  se = sqrt(2 max(0, k0) + 2),  p = 2^-(k0 + 1)
 *   L0  k0 = (4 T - k (k + 1)) / (2 k - 1),  se = 4 sqrt(V) / (2 k - 1)
 *   Q0  k0 = k - 1/2 - sqrt(2 k^2 - 4 T + 1/4),
 *       se = 2 sqrt(V) / sqrt((k - 1/2)^2 - k0 (2 k - k0 - 1))
 *   V = (k (k+1) (2k+1) + 10 k0^3 + 27 k0^2 + 17 k0 - 18 k k0^2 - 18 k k0 + 6 k^2 k0)
 *       / 24, the variance of T
 *
 * k0 is rounded and not below 0; standard errors take it as it was before. Ties have
 * their average rank; of equal effects the more precise one is more extreme. The fit in
 * every step, and the last one, has the tau2 of `pool` (EE: common effects).
 * Side auto: left, unless the slope of the mixed-effects regression of yi on sqrt(vi),
 * by the same tau2, is negative.
 *
 * @param effects  k >= 2 studies (auto: 3)
 * @param pool     NULL: the defaults; inverse variances without weights, clusters,
 *                 nested levels. It says how the filled set is pooled
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_trim_fill_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG, MTP_E_DATA as mtp_pool, and where mtp_asymmetry cannot
 *         choose the side; MTP_E_UNSUPPORTED: `pool` asks for something else;
 *         MTP_E_DEGENERATE: fewer than 2 studies, or an estimator without a value
 *         (Q0: 2 k^2 + 1/4 < 4 T); MTP_E_NOCONV: k0 goes round in circles; MTP_E_NOMEM
 *
 * Sources: Duval & Tweedie (2000), J Am Stat Assoc 95:89-98,
 * doi:10.1080/01621459.2000.10473905; Duval & Tweedie (2000), Biometrics 56:455-463,
 * doi:10.1111/j.0006-341X.2000.00455.x; the side as in Viechtbauer (2010), J Stat Softw
 * 36(3), doi:10.18637/jss.v036.i03.
 */
MTP_API mtp_status mtp_trim_fill(const mtp_effects *effects,
                                 const mtp_pool_options *pool,
                                 const mtp_trim_fill_options *options,
                                 mtp_trim_fill_result **result, mtp_error *err);
MTP_API void mtp_trim_fill_free(mtp_trim_fill_result *result);

#ifdef __cplusplus
}
#endif

#endif
