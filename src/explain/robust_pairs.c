/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variances of the covariances of two combinations, by sums over the clusters. */
#include "explain/robust_hotelling.h"

#include <math.h>

/* P_s P_t + P_s_t^2 - B_s B_t - B_s_t^2: what each cluster has with itself. */
static const char *own(const mtp_hotelling *h, size_t i, size_t j)
{
    mtp_sandwich *of = h->of;
    const char *P = mtp_sandwich_pair(of, "P", i, j);
    const char *B = mtp_sandwich_pair(of, "B", i, j);

    if (i == j) {
        return mtp_sandwich_format(of, "2 * (%s^2 - %s^2)", P, B);
    }
    return mtp_sandwich_format(
        of, "%s * %s + %s^2 - %s * %s - %s^2", mtp_sandwich_pair(of, "P", i, i),
        mtp_sandwich_pair(of, "P", j, j), P, mtp_sandwich_pair(of, "B", i, i),
        mtp_sandwich_pair(of, "B", j, j), B);
}

void mtp_hotelling_own(const mtp_hotelling *h)
{
    mtp_sandwich *of = h->of;
    mtp_sandwich_table t = {.of = of, .s = of->m->s};

    for (int w = 0; w < 2; w++) {
        for (size_t i = 0; i < h->q; i++) {
            for (size_t j = 0; j <= i; j++) {
                mtp_sandwich_known(&t, mtp_sandwich_pair(of, w ? "B" : "P", i, j));
            }
        }
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            mtp_sandwich_total(&t, own(h, i, j));
        }
    }
    mtp_sandwich_write(&t);
}

/* X_s_l * Y_t_m. */
static const char *product(const mtp_hotelling *h, const char *x, size_t i, size_t l,
                           const char *y, size_t j, size_t m)
{
    const char *one = mtp_hotelling_element(h, x, i, l);

    return i == j && l == m && *x == *y
               ? mtp_sandwich_format(h->of, "%s^2", one)
               : mtp_sandwich_format(h->of, "%s * %s", one,
                                     mtp_hotelling_element(h, y, j, m));
}

/* All products of X_s by Y_t; of one and the same the lower triangle. */
static void products(const mtp_hotelling *h, const char *x, size_t i, const char *y,
                     size_t j)
{
    mtp_sandwich_table t = {.of = h->of, .s = h->of->m->s};
    size_t p = h->of->r.p;
    bool same = *x == *y && i == j;

    for (size_t l = 0; l < p; l++) {
        mtp_sandwich_known(&t, mtp_hotelling_element(h, x, i, l));
    }
    for (size_t l = 0; l < p && !same; l++) {
        mtp_sandwich_known(&t, mtp_hotelling_element(h, y, j, l));
    }
    for (size_t l = 0; l < p; l++) {
        for (size_t m = 0; m < (same ? l + 1 : p); m++) {
            mtp_sandwich_total(&t, product(h, x, i, l, y, j, m));
        }
    }
    mtp_sandwich_write(&t);
}

/* sum(X_s_l * Y_t_m), which of X_s = Y_t stands once. */
static const char *sum_of(const mtp_hotelling *h, const char *x, size_t i, size_t l,
                          const char *y, size_t j, size_t m)
{
    bool turn = *x == *y && i == j && l < m;

    return mtp_sandwich_format(h->of, "sum(%s)",
                               turn ? product(h, x, i, m, y, j, l)
                                    : product(h, x, i, l, y, j, m));
}

/* Of weights the part of D that takes columns l and m. */
static const char *weighted_squares(const mtp_hotelling *h, size_t i, size_t j,
                                    size_t l, size_t m)
{
    mtp_sandwich *of = h->of;
    const char *qq = sum_of(h, "Q", i, l, "Q", j, m);
    const char *kk = sum_of(h, "K", i, l, "K", j, m);
    const char *qk = sum_of(h, "Q", i, l, "K", j, m);
    const char *kq = sum_of(h, "Q", j, m, "K", i, l);

    if (i == j) {
        return l == m ? mtp_sandwich_format(of, "4 * %s * %s + 4 * %s^2", qq, kk, qk)
                      : mtp_sandwich_format(of, "8 * %s * %s + 8 * %s * %s", qq, kk, qk,
                                            kq);
    }
    if (l == m) {
        return mtp_sandwich_format(of, "4 * %s * %s + (%s + %s)^2", qq, kk, qk, kq);
    }
    return mtp_sandwich_format(
        of, "2 * (%s + %s) * (%s + %s) + 2 * (%s + %s) * (%s + %s)", qq,
        sum_of(h, "Q", i, m, "Q", j, l), kk, sum_of(h, "K", i, m, "K", j, l), qk,
        sum_of(h, "Q", j, l, "K", i, m), kq, sum_of(h, "Q", i, m, "K", j, l));
}

static const char *squares(const mtp_hotelling *h, size_t i, size_t j, size_t l,
                           size_t m)
{
    const char *one = sum_of(h, "Q", i, l, "Q", j, m);

    if (h->of->r.weight) {
        return weighted_squares(h, i, j, l, m);
    }
    if (l == m || i == j) {
        return mtp_sandwich_format(h->of, "%d * %s^2", l == m ? 2 : 4, one);
    }
    return mtp_sandwich_format(h->of, "(%s + %s)^2", one,
                               sum_of(h, "Q", i, m, "Q", j, l));
}

/* The variance of the covariance of combinations s and t. */
void mtp_hotelling_pair(const mtp_hotelling *h, size_t i, size_t j)
{
    mtp_sandwich *of = h->of;
    const char *sum = mtp_sandwich_format(of, "sum(%s)", own(h, i, j));

    products(h, "Q", i, "Q", j);
    if (of->r.weight) {
        products(h, "K", i, "K", j);
        products(h, "Q", i, "K", j);
        if (i != j) {
            products(h, "Q", j, "K", i);
        }
    }
    for (size_t l = 0; l < of->r.p; l++) {
        for (size_t m = 0; m <= l; m++) {
            sum = mtp_sandwich_sum(of, sum, squares(h, i, j, l, m));
        }
    }
    (void)mtp_solution_line(of->m->s, mtp_sandwich_text(of, "D_#_@", i, j), sum,
                            (double)NAN);
}
