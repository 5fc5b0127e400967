/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_ROBUST_H
#define METAPOOL_ROBUST_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file robust.h
 * Cluster-robust variance of the coefficients of a fitted model: right for any
 * dependence of effects within a cluster and any error of the working model.
 *
 * Symbols: k effects in m clusters, X [k * p], W the weights that beta was estimated
 * with, V the working covariance, block diagonal; M = (X'WX)^-1, e = y - X beta,
 * H = X M X'W; a subscript j picks the rows of cluster j.
 *
 *   vcov = c M (sum_j X_j'W_j A_j e_j e_j'A_j'W_j X_j) M
 *   cr0  A_j = I, c = 1
 *   cr1  A_j = I, c = m / (m - p): what metafor's robust(adjust = TRUE) gives, and
 *        clubSandwich calls CR1p
 *   cr2  c = 1, A_j = D_j'B_j^{+1/2} D_j with V_j = D_j'D_j and
 *        B_j = D_j [(I - H) V (I - H)']_jj D_j': unbiased under the working model
 *
 * Degrees of freedom: m - p for cr0 and cr1; Satterthwaite's for cr2, by the mean and
 * the variance of the variance estimate under the working model.
 * Sources: Liang & Zeger (1986), Biometrika 73:13-22, doi:10.1093/biomet/73.1.13;
 * Bell & McCaffrey (2002), Survey Methodology 28:169-181; Hedges, Tipton & Johnson
 * (2010), Res Synth Methods 1:39-65, doi:10.1002/jrsm.5; Tipton (2015), Psychol Methods
 * 20:375-393, doi:10.1037/met0000011; Pustejovsky & Tipton (2018), J Bus Econ Stat
 * 36:672-683, doi:10.1080/07350015.2016.1247004.
 */

/* X(enum, id, label) */
#define MTP_ROBUST_LIST(X)                                                             \
    X(MTP_ROBUST_NONE, "none", "model-based variance")                                 \
    X(MTP_ROBUST_CR0, "cr0", "sandwich, uncorrected")                                  \
    X(MTP_ROBUST_CR1, "cr1", "sandwich times m / (m - p)")                             \
    X(MTP_ROBUST_CR2, "cr2", "bias-reduced linearization")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_robust_type {
    MTP_ROBUST_LIST(MTP_ENUM_ITEM) MTP_ROBUST_COUNT
} mtp_robust_type;
#undef MTP_ENUM_ITEM

MTP_API const char *mtp_robust_id(mtp_robust_type type);
MTP_API const char *mtp_robust_label(mtp_robust_type type);
MTP_API int mtp_robust_from_id(const char *id);

/**
 * One block of the working covariance.
 * @param row  [n] out: which effects it holds, < k; NULL: only n is wanted
 * @param v    [n * n] out: their working covariance, row by row; or NULL
 * @return n, the same on every call
 */
typedef size_t (*mtp_robust_block)(const void *context, size_t block, size_t row[],
                                   double v[]);

enum { MTP_ROBUST_BLOCK_MAX = 500 }; /* its cost rises with the cube of n */

/** What the variance is made from. */
typedef struct mtp_robust_model {
    size_t size; /* sizeof(mtp_robust_model); set by _init */
    size_t k, p;
    const double *x; /* [k * p] row by row, of full rank; NULL with p = 1: ones */
    const double *residual; /* [k] y - X beta */
    const double
        *variance;        /* [k] working variances, vi + tau2, > 0; NULL with `block` */
    const double *weight; /* [k] >= 0, that beta was estimated with, where they are not
                             1 / variance; NULL: they are */
    size_t clusters;      /* m > p, none of them empty */
    const size_t *cluster; /* [k] < m */
    /* Effects that the working model correlates, in place of `variance`; W = V^-1. Each
     * effect is in one block, and a block within one cluster. */
    size_t n_blocks;
    mtp_robust_block block;
    const void *context;
} mtp_robust_model;

MTP_API void mtp_robust_model_init(mtp_robust_model *model, size_t size);

typedef struct mtp_robust_result {
    mtp_robust_type type;
    size_t p, clusters;
    const double *vcov; /* [p * p] row by row, squared units of beta */
    const double *df;   /* [p] of each coefficient; NaN: none, its variance is 0
                         *  but for rounding */
    size_t singular;    /* cr2: clusters without which a combination of coefficients is
                           not identified; they say nothing about its variance */
} mtp_robust_result;

/**
 * The robust variance of a fit. Time and memory are proportional to k for working
 * variances and for blocks of bounded size.
 *
 * @param type    cr0, cr1 or cr2
 * @param result  out, freed with mtp_robust_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (type, shape, a cluster or block that breaks the rules
 *         above); MTP_E_DATA: a figure out of range (err->line is the 1-based effect),
 *         a covariance that is not positive definite, a column that is a combination
 *         of those before it; MTP_E_DEGENERATE: not more clusters than columns;
 *         MTP_E_UNSUPPORTED: a block of more than MTP_ROBUST_BLOCK_MAX effects, and
 *         cr2 by `weight` with a cluster of so many; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_robust(const mtp_robust_model *model, mtp_robust_type type,
                              mtp_robust_result **result, mtp_error *err);
MTP_API void mtp_robust_free(mtp_robust_result *result);

/**
 * Variance and degrees of freedom of l'beta.
 * @param l         [p]
 * @param variance  out
 * @param df        out; NaN: none, the variance is 0 but for rounding
 * @return MTP_OK; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_robust_combination(const mtp_robust_result *result,
                                          const double l[], double *variance,
                                          double *df, mtp_error *err);

/** An F test with its upper tail; all NaN where there is none. */
typedef struct mtp_robust_test {
    double statistic, df1, df2, p, log_p;
} mtp_robust_test;

/**
 * Test that q combinations L beta are 0 together: with Q = (L beta)'(L vcov L')^-1 L
 * beta cr0, cr1  F = Q / q on q and m - p degrees of freedom cr2       F = (eta - q +
 * 1) / (eta q) Q on q and eta - q + 1, the approximate Hotelling test of Pustejovsky
 * and Tipton (2018), which clubSandwich calls HTZ; eta = q (q + 1) / sum of Var(d_st),
 * d the estimate standardized by its expectation. q = 1: Satterthwaite's t, squared
 *
 * @param l         [q * p] row by row
 * @param estimate  [q] L beta
 * @param test      out; NaN where L vcov L' is singular, or df2 is not above 0
 * @return MTP_OK; MTP_E_ARG: q is 0; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_robust_wald(const mtp_robust_result *result, size_t q,
                                   const double l[], const double estimate[],
                                   mtp_robust_test *test, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
