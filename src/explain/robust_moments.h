/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_ROBUST_MOMENTS_H
#define MTP_EXPLAIN_ROBUST_MOMENTS_H

#include "explain/robust_regress.h"

/** A coefficient, or a contrast of them, by what its names end in: "1", "K". */
typedef struct mtp_combination_work {
    const char *id;
    const char *df_name;
    double df;
} mtp_combination_work;

/** "q_1_2_g"; vs_i s_i^2; b by q and k. */
const char *mtp_moment_element(mtp_sandwich *of, const char *letter,
                               const mtp_combination_work *c, size_t l);
const char *mtp_moment_noise(mtp_sandwich *of, const mtp_combination_work *c);
const char *mtp_moment_low(mtp_sandwich *of, const mtp_combination_work *c);

/** Columns of q, or k, that the scope has. */
void mtp_moment_known(mtp_sandwich_table *t, const mtp_combination_work *c,
                      const char *x);
/** Their products, after the columns that are in the table already, among them q. */
void mtp_moment_products(mtp_sandwich_table *t, const mtp_combination_work *c);
/** D, and the degrees of freedom. */
void mtp_moment_df(mtp_sandwich *of, const mtp_combination_work *c);

#endif
