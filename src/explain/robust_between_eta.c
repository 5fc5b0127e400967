/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eta of cr2 between subgroups. Under the working model the means are independent, with
 * the variances O_j that cr2 estimates without bias, and parts of two clusters in two
 * means are too: with c_j the covariance of the parts of the clusters g and h in mean j
 * the sum of all variances is
 *   sum_jl (P_jj P_ll + P_jl^2) K_jl,  K_jl = sum_gh c_j c_l,
 * P = L'(L O L')^-1 L for differences L of the means: with W = 1 / O
 *   P_jj = W_j - W_j^2 / sum W,  P_jl = -W_j W_l / sum W. */
#include "explain/robust_between.h"

#include <math.h>

enum { ROOM = 72 };

static const char *text(mtp_between *of, const char *format, size_t a, size_t b)
{
    return mtp_regress_text(of->s, format, a, b);
}

static void add_sum(mtp_between *of, mtp_sandwich_table *t, const char *name,
                    mtp_between_sum which, size_t j)
{
    mtp_sandwich_add(
        t, text(of, name, j, 0),
        mtp_regress_format(of->s, "sum_g(%s)", mtp_between_part(of, which, j)));
}

/* e, q, with weights k, then b and p, of each cluster in the mean of a subgroup. */
static void add_moments(mtp_between *of, mtp_sandwich_table *t, size_t j)
{
    add_sum(of, t, "u_#_g", MTP_BETWEEN_T, j);
    add_sum(of, t, "n_#_g", MTP_BETWEEN_SQUARE, j);
    if (of->r.weight) {
        add_sum(of, t, "o_#_g", MTP_BETWEEN_CROSS, j);
    }
    mtp_sandwich_add(t, text(of, "e_#_g", j, 0), text(of, "n_#_g / S_#^2", j, 0));
    if (of->r.weight) {
        mtp_sandwich_add(t, text(of, "q_#_g", j, 0), text(of, "u_#_g / S_#", j, 0));
        mtp_sandwich_add(t, text(of, "k_#_g", j, 0),
                         text(of, "o_#_g / S_#^2 - N_# * q_#_g / (2 * S_#^2)", j, 0));
        mtp_sandwich_add(t, text(of, "b_#_g", j, 0),
                         text(of, "2 * q_#_g * k_#_g", j, 0));
    } else {
        mtp_sandwich_add(t, text(of, "q_#_g", j, 0),
                         text(of, "u_#_g / (S_# * sqrt(S_#))", j, 0));
        mtp_sandwich_add(t, text(of, "b_#_g", j, 0), text(of, "q_#_g^2", j, 0));
    }
    mtp_sandwich_add(t, text(of, "p_#_g", j, 0), text(of, "e_#_g - b_#_g", j, 0));
    t->column[t->n - 1].total = true;
}

/* The mean of a subgroup whose single cluster leaves nothing has the variance 0. */
static bool is_certain(const mtp_between *of, size_t j)
{
    double most = 0.0, T = 0.0;

    for (size_t i = 0; i < of->r.k; i++) {
        if (of->r.x[j][i] > 0.0) {
            double w = of->r.weight ? of->r.weight[i] : 1.0 / of->r.phi[i];

            most = fmax(most, w);
            T = fmax(T, fabs(of->T[i]));
        }
    }
    return T < 1e-9 * most;
}

/* The sums for K_jl, or the formula. */
static const char *own(mtp_between *of, size_t j, size_t l)
{
    return j == l ? text(of, "p_#_g^2 - b_#_g^2", j, 0)
                  : text(of, "p_#_g * p_@_g - b_#_g * b_@_g", j, l);
}

static const char *cross(mtp_between *of, const char *format, size_t j, size_t l)
{
    return text(of, format, j, l);
}

/* "q_#_g * q_@_g" */
static const char *product(mtp_between *of, const char *letter, size_t j, size_t l)
{
    return j == l ? mtp_regress_format(of->s, "%s_%zu_g^2", letter, j + 1)
                  : mtp_regress_format(of->s, "%s_%zu_g * %s_%zu_g", letter, j + 1,
                                       letter, l + 1);
}

static void add_sums(mtp_between *of, mtp_sandwich_table *t, size_t j, size_t l)
{
    mtp_sandwich_total(t, own(of, j, l));
    mtp_sandwich_total(t, product(of, "q", j, l));
    if (of->r.weight) {
        mtp_sandwich_total(t, product(of, "k", j, l));
        mtp_sandwich_total(t, cross(of, "q_#_g * k_@_g", j, l));
        if (j != l) {
            mtp_sandwich_total(t, cross(of, "q_@_g * k_#_g", j, l));
        }
    }
}

static void add_known(mtp_between *of, mtp_sandwich_table *t)
{
    for (size_t j = 0; j < of->p; j++) {
        if (!is_certain(of, j)) {
            mtp_sandwich_known(t, text(of, "q_#_g", j, 0));
            if (of->r.weight) {
                mtp_sandwich_known(t, text(of, "k_#_g", j, 0));
            }
            mtp_sandwich_known(t, text(of, "b_#_g", j, 0));
            mtp_sandwich_known(t, text(of, "p_#_g", j, 0));
        }
    }
}

/* As many tables as it takes. */
static void tabulate(mtp_between *of)
{
    mtp_sandwich_table t = {.s = of->s};

    for (size_t j = 0; j < of->p; j++) {
        if (!is_certain(of, j)) {
            add_moments(of, &t, j);
        }
    }
    mtp_sandwich_write(&t);
    t.n = 0;
    add_known(of, &t);
    for (size_t j = 0; j < of->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            if (!is_certain(of, j) && !is_certain(of, l)) {
                add_sums(of, &t, j, l);
            }
            if (t.n > ROOM) {
                mtp_sandwich_write(&t);
                t.n = 0;
                add_known(of, &t);
            }
        }
    }
    mtp_sandwich_write(&t);
}

static void put_pair(mtp_between *of, size_t j, size_t l)
{
    const char *qq = product(of, "q", j, l);

    if (!of->r.weight) {
        (void)mtp_solution_linef(of->s, text(of, "K_#_@", j, l), (double)NAN,
                                 "sum(%s) + sum(%s)^2", own(of, j, l), qq);
        return;
    }
    (void)mtp_solution_linef(
        of->s, text(of, "K_#_@", j, l), (double)NAN,
        j == l ? "sum(%s) + 2 * sum(%s) * sum(%s) + 2 * sum(%s)^2"
               : "sum(%s) + 2 * sum(%s) * sum(%s) + 2 * sum(%s) * sum(%s)",
        own(of, j, l), qq, product(of, "k", j, l), cross(of, "q_#_g * k_@_g", j, l),
        cross(of, "q_@_g * k_#_g", j, l));
}

/* W and, but where a mean is certain, their sum. */
static void put_weights(mtp_between *of, bool certain)
{
    const char *sum = NULL;

    for (size_t j = 0; j < of->p; j++) {
        if (is_certain(of, j)) {
            continue;
        }
        (void)mtp_solution_line(of->s, text(of, "O_#", j, 0),
                                text(of, "sum(p_#_g)", j, 0), (double)NAN);
        (void)mtp_solution_line(of->s, text(of, "W_#", j, 0), text(of, "1 / O_#", j, 0),
                                (double)NAN);
        sum = sum ? mtp_regress_format(of->s, "%s + W_%zu", sum, j + 1)
                  : text(of, "W_#", j, 0);
    }
    if (!certain) {
        (void)mtp_solution_line(of->s, "W", sum ? sum : "0", (double)NAN);
    }
}

/* The sum over pairs; without the mean that is certain P is W on the diagonal. */
static const char *put_total(mtp_between *of, bool certain)
{
    const char *sum = NULL, *term;

    for (size_t j = 0; j < of->p; j++) {
        if (is_certain(of, j)) {
            continue;
        }
        (void)mtp_solution_line(of->s, text(of, "P_#_#", j, 0),
                                certain ? text(of, "W_#", j, 0)
                                        : text(of, "W_# - W_#^2 / W", j, 0),
                                (double)NAN);
        for (size_t l = 0; l <= j; l++) {
            if (is_certain(of, l)) {
                continue;
            }
            if (l == j) {
                term = text(of, "2 * P_#_#^2 * K_#_#", j, 0);
            } else if (certain) {
                term = text(of, "2 * P_#_# * P_@_@ * K_#_@", j, l);
            } else {
                (void)mtp_solution_line(of->s, text(of, "P_#_@", j, l),
                                        text(of, "-(W_# * W_@ / W)", j, l),
                                        (double)NAN);
                term = text(of, "2 * (P_#_# * P_@_@ + P_#_@^2) * K_#_@", j, l);
            }
            put_pair(of, j, l);
            sum = sum ? mtp_regress_format(of->s, "%s + %s", sum, term) : term;
        }
    }
    return sum ? sum : "0";
}

void mtp_between_eta(mtp_between *of)
{
    bool certain = false;

    for (size_t j = 0; j < of->p; j++) {
        certain = certain || is_certain(of, j);
    }
    mtp_solution_text(
        of->s,
        "The test is the approximate Hotelling test (HTZ), whose degrees of freedom "
        "rest on eta. Under the working model the part of a cluster g in the mean of a "
        "subgroup has the variance p, which is e less b, and two clusters g and h have "
        "as covariance minus %s; parts in different means have none. W is 1 divided by "
        "the variance O of a mean%s, K the sum over all pairs of clusters of their "
        "covariances in two means, and D the sum over all pairs of means of the "
        "variances of their standardized covariances.%s",
        of->r.weight ? "q in g by k in h and k in g by q in h"
                     : "the product of their q",
        certain ? ", P the same in a matrix"
                : ", P the inverse of the covariance of the differences for all means",
        certain ? " A subgroup of one cluster whose T are 0 has no part." : "");
    tabulate(of);
    put_weights(of, certain);
    (void)mtp_solution_line(of->s, "D", put_total(of, certain), (double)NAN);
    (void)mtp_solution_line(of->s, "eta", "df_1 * (df_1 + 1) / D", (double)NAN);
}
