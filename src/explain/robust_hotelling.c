/* SPDX-License-Identifier: GPL-3.0-or-later */
/* eta of the approximate Hotelling test (HTZ) of cr2. With O the expectation of the
 * covariance of q coefficients, O = L D L', the rows of L^-1 make combinations without
 * covariance, and eta is q (q + 1) by the sum over all pairs s, t of these of the
 * variance of their robust covariance, divided by d_s d_t:
 *   Var = sum_gh Cov(s_g, s_h) Cov(t_g, t_h) + Cov(s_g, t_h) Cov(t_g, s_h).
 * Source: Pustejovsky & Tipton (2018), J Bus Econ Stat 36:672-683,
 * doi:10.1080/07350015.2016.1247004. */
#include "explain/robust_hotelling.h"

#include "explain/equations.h"

#include <math.h>

const char *mtp_hotelling_element(const mtp_hotelling *h, const char *letter, size_t a,
                                  size_t l)
{
    return mtp_sandwich_format(h->of, "%s_%zu_%zu_g", letter, a + 1, l + 1);
}

static const char *noise(const mtp_hotelling *h, size_t i, size_t j)
{
    if (h->of->r.nested) {
        return mtp_sandwich_format(h->of, "s_%zu_i * n_%zu_i", h->at[i] + 1,
                                   h->at[j] + 1);
    }
    return mtp_sandwich_format(h->of, "%s * s_%zu_i * s_%zu_i",
                               mtp_robust_variance_column(&h->of->r), h->at[i] + 1,
                               h->at[j] + 1);
}

/* What the residuals count in two coefficients together. */
static void study_table(const mtp_hotelling *h)
{
    mtp_sandwich_table t = {.of = h->of, .s = h->of->m->s};

    if (!h->of->r.nested) {
        mtp_sandwich_known(&t, mtp_robust_variance_column(&h->of->r));
    }
    for (size_t i = 0; i < h->q; i++) {
        mtp_sandwich_known(&t, mtp_sandwich_text(h->of, "s_#_i", h->at[i], 0));
        if (h->of->r.nested && i + 1 < h->q) {
            mtp_sandwich_known(&t, mtp_sandwich_text(h->of, "n_#_i", h->at[i], 0));
        }
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j < i; j++) {
            mtp_sandwich_part(&t, noise(h, i, j));
        }
    }
    mtp_sandwich_write(&t);
}

/* sum_l x_a_l y_b_l + y_a_l x_b_l, or of x alone. */
static const char *form(const mtp_hotelling *h, const char *x, const char *y, size_t a,
                        size_t b)
{
    mtp_sandwich *of = h->of;
    const char *sum = NULL;

    for (size_t l = 0; l < of->r.p; l++) {
        const char *one = mtp_hotelling_element(h, x, a, l),
                   *other = mtp_hotelling_element(h, x, b, l);

        if (!of->r.weight) {
            sum = mtp_sandwich_sum(
                of, sum,
                a == b ? mtp_sandwich_format(of, "%s^2", one)
                       : mtp_sandwich_format(of, "%s * %s", one, other));
        } else if (a == b) {
            sum = mtp_sandwich_sum(
                of, sum,
                mtp_sandwich_format(of, "2 * %s * %s", one,
                                    mtp_hotelling_element(h, y, a, l)));
        } else {
            sum = mtp_sandwich_sum(
                of, sum,
                mtp_sandwich_format(of, "%s * %s + %s * %s", one,
                                    mtp_hotelling_element(h, y, b, l),
                                    mtp_hotelling_element(h, y, a, l), other));
        }
    }
    return sum ? sum : "0";
}

/* e, b and p of every two, and O, the sums of p. */
static void expect(const mtp_hotelling *h)
{
    mtp_sandwich *of = h->of;
    mtp_sandwich_table t = {.of = of, .s = of->m->s};

    for (size_t i = 0; i < h->q; i++) {
        for (size_t l = 0; l < of->r.p; l++) {
            mtp_sandwich_known(&t, mtp_hotelling_element(h, "q", h->at[i], l));
            if (of->r.weight) {
                mtp_sandwich_known(&t, mtp_hotelling_element(h, "k", h->at[i], l));
            }
        }
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j < i; j++) {
            size_t a = h->at[i], b = h->at[j];
            const char *e = mtp_sandwich_pair(of, "e", a, b);
            const char *low = mtp_sandwich_pair(of, "b", a, b);

            mtp_sandwich_add(&t, e,
                             mtp_sandwich_format(of, "sum_g(%s)", noise(h, i, j)));
            mtp_sandwich_add(&t, low, form(h, "q", "k", a, b));
            mtp_sandwich_add(&t, mtp_sandwich_pair(of, "p", a, b),
                             mtp_sandwich_format(of, "%s - %s", e, low));
            t.column[t.n - 1].total = true;
        }
    }
    mtp_sandwich_write(&t);
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            (void)mtp_solution_linef(of->m->s, mtp_sandwich_text(of, "O_#_@", i, j),
                                     (double)NAN, "sum(%s)",
                                     mtp_sandwich_pair(of, "p", h->at[i], h->at[j]));
        }
    }
    mtp_equations_factor(of->m->s, "O", h->q);
    mtp_equations_inverse_factor(of->m->s, h->q);
}

/* The product of `part` by u_i_j, which is 1 on the diagonal. */
static const char *times_u(const mtp_hotelling *h, size_t i, size_t j, const char *part)
{
    return i == j ? part
                  : mtp_sandwich_format(h->of, "u_%zu_%zu * %s", i + 1, j + 1, part);
}

/* Q or K: u times q or k. */
static const char *turned(const mtp_hotelling *h, const char *letter, size_t i,
                          size_t l)
{
    const char *sum = NULL;

    for (size_t j = 0; j <= i; j++) {
        sum = mtp_sandwich_sum(
            h->of, sum,
            times_u(h, i, j, mtp_hotelling_element(h, letter, h->at[j], l)));
    }
    return sum ? sum : "0";
}

/* P: u p u'; of i = j products that occur twice are written once. */
static const char *turned_variance(const mtp_hotelling *h, size_t i, size_t j)
{
    const char *sum = NULL;

    for (size_t a = 0; a <= i; a++) {
        for (size_t b = 0; b <= (i == j ? a : j); b++) {
            const char *p = mtp_sandwich_pair(h->of, "p", h->at[a], h->at[b]);

            if (i == j && a == b && a != i) {
                p = mtp_sandwich_format(h->of, "u_%zu_%zu^2 * %s", i + 1, a + 1, p);
            } else {
                p = times_u(h, i, a, times_u(h, j, b, p));
            }
            p = i == j && a != b ? mtp_sandwich_format(h->of, "2 * %s", p) : p;
            sum = mtp_sandwich_sum(h->of, sum, p);
        }
    }
    return sum ? sum : "0";
}

static void turn(const mtp_hotelling *h)
{
    mtp_sandwich *of = h->of;
    mtp_sandwich_table t = {.of = of, .s = of->m->s};

    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            mtp_sandwich_known(&t, mtp_sandwich_pair(of, "p", h->at[i], h->at[j]));
        }
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            mtp_sandwich_add(&t, mtp_sandwich_pair(of, "P", i, j),
                             turned_variance(h, i, j));
        }
    }
    mtp_sandwich_write(&t);
    t.n = 0;
    for (int w = 0; w < (of->r.weight ? 2 : 1); w++) {
        const char *from = w ? "k" : "q", *to = w ? "K" : "Q";

        for (size_t i = 0; i < h->q; i++) {
            for (size_t l = 0; l < of->r.p; l++) {
                mtp_sandwich_known(&t, mtp_hotelling_element(h, from, h->at[i], l));
            }
        }
        for (size_t i = 0; i < h->q; i++) {
            for (size_t l = 0; l < of->r.p; l++) {
                mtp_sandwich_add(&t, mtp_hotelling_element(h, to, i, l),
                                 turned(h, from, i, l));
            }
        }
        mtp_sandwich_write(&t);
        t.n = 0;
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t l = 0; l < of->r.p; l++) {
            mtp_sandwich_known(&t, mtp_hotelling_element(h, "Q", i, l));
            if (of->r.weight) {
                mtp_sandwich_known(&t, mtp_hotelling_element(h, "K", i, l));
            }
        }
    }
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            mtp_sandwich_add(&t, mtp_sandwich_pair(of, "B", i, j),
                             form(h, "Q", "K", i, j));
        }
    }
    mtp_sandwich_write(&t);
}

static void put_eta(const mtp_hotelling *h)
{
    mtp_sandwich *of = h->of;
    const char *sum = NULL;

    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            const char *D = mtp_sandwich_text(of, "D_#_@", i, j);

            sum = mtp_sandwich_sum(
                of, sum,
                i == j ? mtp_sandwich_format(of, "%s / d_%zu^2", D, i + 1)
                       : mtp_sandwich_format(of, "2 * %s / (d_%zu * d_%zu)", D, i + 1,
                                             j + 1));
        }
    }
    (void)mtp_solution_linef(of->m->s, "eta", (double)NAN, "df_1 * (df_1 + 1) / (%s)",
                             sum ? sum : "1");
}

static size_t number_of(size_t q, const size_t at[])
{
    size_t number = 0;

    for (size_t i = 0; i < q; i++) {
        number |= (size_t)1 << at[i];
    }
    return number;
}

static void work(const mtp_hotelling *h)
{
    mtp_sandwich *of = h->of;

    mtp_solution_text(
        of->m->s,
        "Its degrees of freedom rest on eta. O is what the covariance of the %zu "
        "coefficients is to be under the working model, the sums of p, with l and d as "
        "for the equations and u the inverse of l. With u the coefficients become "
        "combinations without covariance: P, Q%s and B are for these what p, q%s and b "
        "are for the coefficients. D is the variance of the robust covariance of two "
        "of "
        "them, or of the variance of one: from each cluster with itself and, by the "
        "sums of products, from all pairs of clusters.",
        h->q, of->r.weight ? ", K" : "", of->r.weight ? ", k" : "");
    study_table(h);
    mtp_robust_rows_are_clusters(&of->r);
    expect(h);
    turn(h);
    mtp_hotelling_own(h);
    for (size_t i = 0; i < h->q; i++) {
        for (size_t j = 0; j <= i; j++) {
            mtp_hotelling_pair(h, i, j);
        }
    }
    put_eta(h);
}

bool mtp_sandwich_hotelling(mtp_sandwich *of, size_t q, const size_t at[])
{
    mtp_hotelling h = {of, q, at};
    mtp_solution *s = of->m->s;
    size_t number = number_of(q, at), mark;
    const mtp_quantity *eta;
    mtp_figure made;

    for (size_t i = 0; i < q; i++) {
        if (!of->worked[at[i]]) {
            return false;
        }
    }
    if (of->eta[number] > 0.0) {
        mtp_solution_text(s, "eta is that of the same coefficients above.");
        mtp_solution_given(s, "eta", of->eta[number]);
        return true;
    }
    mark = mtp_sandwich_open(of);
    work(&h);
    eta = mtp_scope_find(&s->scope, "eta");
    made = eta ? eta->figure : (mtp_figure){(double)NAN, 0.0};
    mtp_sandwich_close(of, mark);
    mtp_scope_set(&s->scope, "eta", made);
    of->eta[number] = made.value;
    return true;
}
