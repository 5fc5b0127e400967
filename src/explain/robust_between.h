/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_ROBUST_BETWEEN_H
#define MTP_EXPLAIN_ROBUST_BETWEEN_H

#include "explain/robust_regress.h"

/** A robust test between subgroups on its way. */
typedef struct mtp_between {
    mtp_explain_work *work;
    mtp_solution *s;
    mtp_explain_robust r; /* columns: the subgroups */
    size_t p;             /* subgroups */
    bool random, cr2;
    const char *w; /* "w_i", "ws_i", "a_i" */
    const mtp_test *test;
    double *mu;             /* [p] */
    const double *T, *tau2; /* [k] of the study's own subgroup */
} mtp_between;

/** Sums over studies of a subgroup: all of them, then those of a cluster. */
typedef enum mtp_between_sum {
    MTP_BETWEEN_WEIGHT,
    MTP_BETWEEN_NOISE, /* with weights: of their squares by the variances */
    MTP_BETWEEN_SCORE,
    MTP_BETWEEN_T, /* cr2 */
    MTP_BETWEEN_SQUARE,
    MTP_BETWEEN_CROSS, /* cr2 with weights */
    MTP_BETWEEN_COUNT
} mtp_between_sum;

bool mtp_between_takes(const mtp_between *of, mtp_between_sum which);
const char *mtp_between_part(mtp_between *of, mtp_between_sum which, size_t j);

/** robust_between_eta.c: eta. The tables have the rows of the clusters. */
void mtp_between_eta(mtp_between *of);

#endif
