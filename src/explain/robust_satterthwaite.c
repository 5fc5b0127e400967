/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Satterthwaite's degrees of freedom of cr2, of each coefficient. */
#include "explain/equations.h"
#include "explain/robust_moments.h"

#include <math.h>

static const char *name(mtp_sandwich *of, const char *letter,
                        const mtp_combination_work *c)
{
    return mtp_sandwich_format(of, "%s_%s_g", letter, c->id);
}

const char *mtp_moment_element(mtp_sandwich *of, const char *letter,
                               const mtp_combination_work *c, size_t l)
{
    return mtp_sandwich_format(of, "%s_%s_%zu_g", letter, c->id, l + 1);
}

/* With V = L D L' the columns of X L make x'Vx a sum of squares: the last is x_p. */
static const char *turned_name(mtp_sandwich *of, size_t j)
{
    return mtp_sandwich_text(of, j + 1 < of->r.p ? "z_#_i" : "x_#_i", j, 0);
}

static void add_turned(mtp_sandwich_table *t)
{
    mtp_sandwich *of = t->of;

    for (size_t j = 1; j < of->r.p; j++) {
        const char *made = mtp_sandwich_format(of, "x_%zu_i", j);

        for (size_t l = j + 1; l <= of->r.p; l++) {
            made = mtp_sandwich_format(of, "%s + l_%zu_%zu * x_%zu_i", made, l, j, l);
        }
        mtp_sandwich_add(t, turned_name(of, j - 1), made);
    }
}

/* vs_i s_i, and with weights a_i vs_i s_i, times z: sums over clusters. */
static const char *cross(mtp_sandwich *of, const mtp_combination_work *c, size_t l,
                         bool weighted)
{
    const char *z = turned_name(of, l);

    return weighted ? mtp_sandwich_format(of, "a_i * %s * %s * s_%s_i",
                                          mtp_robust_variance_column(&of->r), z, c->id)
                    : mtp_sandwich_format(of, "%s * s_%s_i", z, c->id);
}

const char *mtp_moment_noise(mtp_sandwich *of, const mtp_combination_work *c)
{
    return of->r.nested
               ? mtp_sandwich_format(of, "s_%s_i * n_%s_i", c->id, c->id)
               : mtp_sandwich_format(of, "%s * s_%s_i^2",
                                     mtp_robust_variance_column(&of->r), c->id);
}

/* The studies with z, before what is made of them. */
static void add_studies(mtp_sandwich_table *t)
{
    if (t->of->r.weight) {
        t->column[t->n++] =
            (mtp_solution_column){.name = "a_i", .values = t->of->r.weight};
    }
    mtp_sandwich_base(t, false);
    if (t->of->r.with_tau2 && !t->of->r.nested) {
        mtp_sandwich_add(t, mtp_robust_variance_column(&t->of->r), "v_i + tau2");
    }
    add_turned(t);
}

/* s of coefficient j, and its sums over clusters. */
static void weights_of_residuals(mtp_sandwich *of, size_t j,
                                 const mtp_combination_work *c)
{
    mtp_sandwich_table t = {.of = of, .s = of->m->s};
    const char *s = mtp_sandwich_format(of, "s_%s_i", c->id);

    if (!of->r.nested) {
        add_studies(&t);
    }
    for (size_t l = 0; l < of->r.p; l++) {
        mtp_sandwich_weights(&t, l);
    }
    mtp_sandwich_add(&t, s, mtp_sandwich_row_of_V(of, j, "T_#_i"));
    if (of->r.nested) {
        mtp_sandwich_write(&t);
        t.n = 0;
        mtp_robust_level_sums(&of->r, s);
        add_studies(&t);
        mtp_sandwich_known(&t, s);
        t.n = mtp_robust_add_spread(&of->r, s, t.column, t.n);
    }
    mtp_sandwich_part(&t, mtp_moment_noise(of, c));
    for (size_t w = 0; w < (of->r.weight ? 2 : 1); w++) {
        for (size_t l = 0; l < of->r.p; l++) {
            mtp_sandwich_part(&t, cross(of, c, l, w > 0));
        }
    }
    mtp_sandwich_write(&t);
}

/* o_l sqrt(d_l) - sum_m Z_lm q_m / 2: with these b = q k' + k q'. */
static const char *formula_of_k(mtp_sandwich *of, const mtp_combination_work *c,
                                size_t l)
{
    const char *sum = NULL;

    for (size_t m = 0; m < of->r.p; m++) {
        const char *Z = mtp_sandwich_text(of, "Z_#_@", l > m ? l : m, l > m ? m : l);

        sum = mtp_sandwich_sum(
            of, sum,
            mtp_sandwich_format(of, "%s * %s", Z, mtp_moment_element(of, "q", c, m)));
    }
    return mtp_sandwich_format(of, "%s * sqrt(d_%zu) - (%s) / 2",
                               mtp_moment_element(of, "o", c, l), l + 1,
                               sum ? sum : "0");
}

const char *mtp_moment_low(mtp_sandwich *of, const mtp_combination_work *c)
{
    const char *sum = NULL;

    for (size_t l = 0; l < of->r.p; l++) {
        const char *q = mtp_moment_element(of, "q", c, l);

        sum = mtp_sandwich_sum(
            of, sum,
            of->r.weight ? mtp_sandwich_format(of, "%s * %s", q,
                                               mtp_moment_element(of, "k", c, l))
                         : mtp_sandwich_format(of, "%s^2", q));
    }
    return of->r.weight ? mtp_sandwich_format(of, "2 * (%s)", sum ? sum : "0") : sum;
}

/* q_l for each column of X L, k_l with weights, and b, the covariance of a cluster with
 * itself but for e. */
static void add_low_rank(mtp_sandwich_table *t, const mtp_combination_work *c)
{
    mtp_sandwich *of = t->of;

    for (size_t l = 0; of->r.weight && l < of->r.p; l++) {
        mtp_sandwich_add(t, mtp_moment_element(of, "k", c, l), formula_of_k(of, c, l));
    }
    mtp_sandwich_add(t, name(of, "b", c), mtp_moment_low(of, c));
    mtp_sandwich_add(
        t, name(of, "p", c),
        mtp_sandwich_format(of, "%s - %s", name(of, "e", c), name(of, "b", c)));
    t->column[t->n - 1].total = true;
    mtp_sandwich_total(t, mtp_sandwich_format(of, "%s^2", name(of, "p", c)));
    mtp_sandwich_total(t, mtp_sandwich_format(of, "%s^2", name(of, "b", c)));
}

static void add_moments(mtp_sandwich_table *t, const mtp_combination_work *c)
{
    mtp_sandwich *of = t->of;

    mtp_sandwich_add(t, name(of, "e", c),
                     mtp_sandwich_format(of, "sum_g(%s)", mtp_moment_noise(of, c)));
    for (size_t w = 0; w < (of->r.weight ? 2 : 1); w++) {
        for (size_t l = 0; l < of->r.p; l++) {
            mtp_sandwich_add(
                t, mtp_moment_element(of, w ? "o" : "u", c, l),
                mtp_sandwich_format(of, "sum_g(%s)", cross(of, c, l, w > 0)));
        }
    }
    for (size_t l = 0; l < of->r.p; l++) {
        mtp_sandwich_add(t, mtp_moment_element(of, "q", c, l),
                         mtp_sandwich_format(of, "%s * sqrt(d_%zu)",
                                             mtp_moment_element(of, "u", c, l), l + 1));
    }
    add_low_rank(t, c);
}

static const char *product(mtp_sandwich *of, const mtp_combination_work *c,
                           const char *x, size_t l, const char *y, size_t m)
{
    return l == m && *x == *y
               ? mtp_sandwich_format(of, "%s^2", mtp_moment_element(of, x, c, l))
               : mtp_sandwich_format(of, "%s * %s", mtp_moment_element(of, x, c, l),
                                     mtp_moment_element(of, y, c, m));
}

/* Products of x by y, of x = y the lower triangle. */
static void add_products(mtp_sandwich_table *t, const mtp_combination_work *c,
                         const char *x, const char *y)
{
    for (size_t l = 0; l < t->of->r.p; l++) {
        for (size_t m = 0; m < (*x == *y ? l + 1 : t->of->r.p); m++) {
            mtp_sandwich_total(t, product(t->of, c, x, l, y, m));
        }
    }
}

void mtp_moment_known(mtp_sandwich_table *t, const mtp_combination_work *c,
                      const char *x)
{
    for (size_t l = 0; l < t->of->r.p; l++) {
        mtp_sandwich_known(t, mtp_moment_element(t->of, x, c, l));
    }
}

void mtp_moment_products(mtp_sandwich_table *t, const mtp_combination_work *c)
{
    add_products(t, c, "q", "q");
    mtp_sandwich_write(t);
    if (!t->of->r.weight) {
        return;
    }
    t->n = 0;
    mtp_moment_known(t, c, "q");
    mtp_moment_known(t, c, "k");
    add_products(t, c, "k", "k");
    add_products(t, c, "q", "k");
    mtp_sandwich_write(t);
}

/* The squares of the low-rank part of the covariances of all pairs of clusters. */
static const char *squares(mtp_sandwich *of, const mtp_combination_work *c, size_t l,
                           size_t m)
{
    const char *qq = product(of, c, "q", l, "q", m);
    const char *times = l == m ? "" : "2 * ";

    if (!of->r.weight) {
        return mtp_sandwich_format(of, "%ssum(%s)^2", times, qq);
    }
    times = l == m ? "2 * " : "4 * ";
    if (l == m) {
        return mtp_sandwich_format(of, "%ssum(%s) * sum(%s) + %ssum(%s)^2", times, qq,
                                   product(of, c, "k", l, "k", m), times,
                                   product(of, c, "q", l, "k", l));
    }
    return mtp_sandwich_format(of, "%ssum(%s) * sum(%s) + %ssum(%s) * sum(%s)", times,
                               qq, product(of, c, "k", l, "k", m), times,
                               product(of, c, "q", l, "k", m),
                               product(of, c, "q", m, "k", l));
}

void mtp_moment_df(mtp_sandwich *of, const mtp_combination_work *c)
{
    mtp_solution *s = of->m->s;
    const char *p = name(of, "p", c);
    const char *sum =
        mtp_sandwich_format(of, "sum(%s^2) - sum(%s^2)", p, name(of, "b", c));

    for (size_t l = 0; l < of->r.p; l++) {
        for (size_t m = 0; m <= l; m++) {
            sum = mtp_sandwich_sum(of, sum, squares(of, c, l, m));
        }
    }
    (void)mtp_solution_line(s, "D", sum, (double)NAN);
    (void)mtp_solution_linef(s, c->df_name, c->df, "sum(%s)^2 / D", p);
}

/* Z = D^{1/2} L'S L D^{1/2}, S what stands between two inverses in the covariance by
 * the model. */
static void put_middle(mtp_sandwich *of)
{
    mtp_solution *s = of->m->s;
    const char *v = mtp_robust_variance_column(&of->r);
    mtp_sandwich_table t = {.of = of, .s = of->m->s};
    const char *sum;

    add_studies(&t);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t l = 0; l < of->r.p; l++) {
            for (size_t m = 0; m <= l; m++) {
                sum = mtp_sandwich_format(of, "a_i^2 * %s * %s * %s", v,
                                          turned_name(of, l), turned_name(of, m));
                if (turn == 0) {
                    mtp_sandwich_total(&t, sum);
                    continue;
                }
                (void)mtp_solution_linef(
                    s, mtp_sandwich_text(of, "Z_#_@", l, m), (double)NAN,
                    "sum(%s) * sqrt(d_%zu) * sqrt(d_%zu)", sum, l + 1, m + 1);
            }
        }
        if (turn == 0) {
            mtp_sandwich_write(&t);
        }
    }
}

static void introduce(mtp_sandwich *of)
{
    mtp_solution *s = of->m->s;

    mtp_solution_heading(s, 4, "Degrees of freedom");
    mtp_solution_text(
        s,
        "By Satterthwaite, for each coefficient: s, its row of V times T, says how "
        "much each residual counts in it. Under the working model the part of a "
        "cluster g has the variance p, which is e less b, and two clusters g and h "
        "have as covariance minus the sum of the products %s, one for each "
        "coefficient. The degrees of freedom are the square of the sum of the "
        "variances, divided by the sum D of the squares of all variances and "
        "covariances. "
        "Here V is the product of l, the diagonal d and l transposed, and z are the "
        "moderators times l.",
        of->r.weight ? "of q in g by k in h and of k in g by q in h" : "of their q");
    if (of->r.weight) {
        mtp_solution_text(s, "Z are the sums S of the regression with the given "
                             "weights, turned and scaled like q.");
    }
    if (of->r.nested) {
        mtp_solution_text(s, "e is the sum of the products of s and n, and n the "
                             "covariance of the effects times s: that of an effect by "
                             "itself, and of each level its variance times m, the sum "
                             "of s over the group.");
    }
    mtp_equations_factor(s, "V", of->r.p);
    if (of->r.weight) {
        put_middle(of);
    }
}

void mtp_sandwich_degrees_of_freedom(mtp_sandwich *of)
{
    introduce(of);
    for (size_t j = 0; j < of->r.p; j++) {
        mtp_combination_work c = {mtp_sandwich_format(of, "%zu", j + 1),
                                  mtp_sandwich_text(of, "nu_#", j, 0),
                                  of->m->fit->coefficient[j].df};
        mtp_sandwich_table t = {.of = of, .s = of->m->s};

        if (isnan(c.df)) {
            continue;
        }
        mtp_solution_heading(of->m->s, 4, "b_%zu", j + 1);
        weights_of_residuals(of, j, &c);
        mtp_robust_rows_are_clusters(&of->r);
        add_moments(&t, &c);
        if (of->r.weight) {
            mtp_sandwich_write(&t);
            t.n = 0;
            mtp_moment_known(&t, &c, "q");
        }
        mtp_moment_products(&t, &c);
        mtp_moment_df(of, &c);
        mtp_robust_rows_are_studies(&of->r);
        of->worked[j] = true;
    }
}
