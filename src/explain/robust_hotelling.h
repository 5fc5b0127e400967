/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_ROBUST_HOTELLING_H
#define MTP_EXPLAIN_ROBUST_HOTELLING_H

#include "explain/robust_regress.h"

/** A test of several coefficients: parts of the work on its eta. */
typedef struct mtp_hotelling {
    mtp_sandwich *of;
    size_t q;
    const size_t *at; /* [q] coefficients */
} mtp_hotelling;

/** "q_2_1_g" */
const char *mtp_hotelling_element(const mtp_hotelling *h, const char *letter, size_t a,
                                  size_t l);

/** robust_pairs.c: what each cluster has with itself, a table; then D_s_t, by what all
 *  pairs of clusters have. */
void mtp_hotelling_own(const mtp_hotelling *h);
void mtp_hotelling_pair(const mtp_hotelling *h, size_t i, size_t j);

#endif
