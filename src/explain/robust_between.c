/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The robust test that the means of p subgroups are equal: the regression on columns of
 * subgroups, with the weights of each. A cluster may have studies of several subgroups,
 * so that the means are correlated. Within a cluster the covariance of residuals is 0
 * between subgroups: A and T are those of each subgroup by itself. */
#include "explain/robust_between.h"

#include "explain/equations.h"

#include <math.h>

enum { MOST_GROUPS = 10 };

static const char *text(mtp_between *of, const char *format, size_t a, size_t b)
{
    return mtp_regress_text(of->s, format, a, b);
}

/* The studies of all subgroups, one after the other. */
typedef struct all_studies {
    mtp_explain_set set;
    const char **label;
    double *y, *v, *weight, *spread, *residual, *mean;
    size_t *index, *group;
} all_studies;

static bool make_room(mtp_arena *a, size_t n, all_studies *to)
{
    *to = (all_studies){.label = MTP_ARENA_ARRAY(a, n, const char *),
                        .y = MTP_ARENA_ARRAY(a, n, double),
                        .v = MTP_ARENA_ARRAY(a, n, double),
                        .weight = MTP_ARENA_ARRAY(a, n, double),
                        .spread = MTP_ARENA_ARRAY(a, n, double),
                        .residual = MTP_ARENA_ARRAY(a, n, double),
                        .index = MTP_ARENA_ARRAY(a, n, size_t),
                        .group = MTP_ARENA_ARRAY(a, n, size_t)};
    return to->label && to->y && to->v && to->weight && to->spread && to->residual &&
           to->index && to->group;
}

/* One study says nothing about tau2, and its mean has no robust variance at any. */
static double tau2_of(const mtp_pooled *pooled)
{
    double tau2 = pooled->heterogeneity.tau2;

    return isnan(tau2) ? 0.0 : tau2;
}

/* One subgroup's, to stand after the others. */
static bool append(mtp_between *of, size_t g, all_studies *to)
{
    const mtp_pool_result *pool = of->work->bundle->pool;
    const mtp_pooled *pooled = &pool->groups[g];
    size_t mark = of->s->scope.n, k = to->set.k;
    mtp_explain_set one;

    if (!mtp_explain_set_of(of->work, pool->group_name[g], pooled, &one)) {
        return false;
    }
    of->s->scope.n = mark;
    of->mu[g] = (of->random ? &pooled->random : &pooled->common)->estimate;
    for (size_t i = 0; i < one.k; i++, k++) {
        to->label[k] = of->s->label[i];
        to->y[k] = one.y[i];
        to->v[k] = one.v[i];
        to->weight[k] = one.weight ? one.weight[i] : 0.0;
        to->spread[k] = of->random ? tau2_of(pooled) : 0.0;
        to->residual[k] = one.y[i] - of->mu[g];
        to->index[k] = one.index[i];
        to->group[k] = g;
    }
    to->set.weight = one.weight ? to->weight : NULL;
    to->set.k = k;
    return true;
}

static double **make_columns(const mtp_between *of, const all_studies *from)
{
    double **x = MTP_ARENA_ARRAY(of->s->arena, of->p, double *);

    for (size_t j = 0; x && j < of->p; j++) {
        x[j] = MTP_ARENA_ARRAY(of->s->arena, from->set.k, double);
        for (size_t i = 0; x[j] && i < from->set.k; i++) {
            x[j][i] = from->group[i] == j ? 1.0 : 0.0;
        }
        if (!x[j]) {
            return NULL;
        }
    }
    return x;
}

/* What the study has of its own subgroup: T, tau2. */
static bool take_own(mtp_between *of)
{
    const mtp_explain_robust *r = &of->r;
    double *T = MTP_ARENA_ARRAY(of->s->arena, r->k, double);
    double *tau2 = MTP_ARENA_ARRAY(of->s->arena, r->k, double);

    if (!T || !tau2) {
        return false;
    }
    for (size_t i = 0; i < r->k; i++) {
        for (size_t j = 0; j < of->p; j++) {
            if (r->x[j][i] > 0.0) {
                T[i] = of->cr2 ? r->T[j][i] : 0.0;
                tau2[i] =
                    of->random ? tau2_of(&of->work->bundle->pool->groups[j]) : 0.0;
            }
        }
    }
    of->T = T;
    of->tau2 = tau2;
    return true;
}

static bool begin(mtp_between *of)
{
    const mtp_pool_result *pool = of->work->bundle->pool;
    all_studies all;
    mtp_explain_working working = {
        .set = &all.set, .p = of->p, .with_tau2 = of->random};

    of->mu = MTP_ARENA_ARRAY(of->s->arena, of->p, double);
    if (!of->mu || !make_room(of->s->arena, of->work->bundle->n_studies, &all)) {
        return false;
    }
    for (size_t g = 0; g < of->p; g++) {
        if (!append(of, g, &all)) {
            return false;
        }
    }
    all.set.y = all.y;
    all.set.v = all.v;
    all.set.index = all.index;
    all.set.pooled = &pool->overall;
    working.residual = all.residual;
    working.spread = all.spread;
    working.x = (const double *const *)make_columns(of, &all);
    of->s->scope.k = all.set.k;
    of->s->label = all.label;
    return working.x && mtp_robust_work_begin(of->work, &working, &of->r) &&
           take_own(of);
}

static void list_groups(mtp_between *of)
{
    const mtp_pool_result *pool = of->work->bundle->pool;

    for (size_t g = 0; g < of->p; g++) {
        mtp_solution_text(of->s, "`x_%zu_i` is 1 for the studies of %s, 0 for others.",
                          g + 1, mtp_solution_name(of->s, pool->group_name[g]));
    }
    for (size_t g = 0; g < of->p; g++) {
        mtp_solution_given(of->s, text(of, "mu_#", g, 0), of->mu[g]);
    }
    mtp_solution_text(
        of->s,
        "r_i are the residuals of each study from the mean of its subgroup%s. They are "
        "added up to the scores t of each cluster, one for each subgroup, and S are "
        "the sums of the weights of each subgroup.",
        of->cr2 ? ", T_i its adjusted weight, as in the work on the subgroup; of a "
                  "subgroup of one cluster it is given"
                : "");
}

/* "y_i - mu_1 * x_1_i - ..." */
static const char *residual(mtp_between *of)
{
    const char *made = "y_i";

    for (size_t j = 1; j <= of->p; j++) {
        made = mtp_regress_format(of->s, "%s - mu_%zu * x_%zu_i", made, j, j);
    }
    return made;
}

/* What is added up over the studies of a cluster, or of all, for subgroup j. */
const char *mtp_between_part(mtp_between *of, mtp_between_sum which, size_t j)
{
    const char *v = mtp_robust_variance_column(&of->r);

    switch (which) {
    case MTP_BETWEEN_WEIGHT:
        return mtp_regress_format(of->s, "x_%zu_i * %s", j + 1, of->w);
    case MTP_BETWEEN_NOISE:
        return mtp_regress_format(of->s, "x_%zu_i * %s^2 * %s", j + 1, of->w, v);
    case MTP_BETWEEN_SCORE:
        return mtp_regress_format(of->s, "x_%zu_i * %s * r_i", j + 1,
                                  of->cr2 ? "T_i" : of->w);
    case MTP_BETWEEN_T:
        return mtp_regress_format(of->s, "x_%zu_i * T_i", j + 1);
    case MTP_BETWEEN_CROSS:
        return mtp_regress_format(of->s, "x_%zu_i * a_i * %s * T_i", j + 1, v);
    default:
        return mtp_regress_format(of->s, "x_%zu_i * %s * T_i^2", j + 1, v);
    }
}

static void put_weights(mtp_between *of, mtp_sandwich_table *t)
{
    mtp_sandwich_add(t, "v_i", NULL);
    t->column[t->n - 1].values = of->r.v;
    if (of->random) {
        mtp_sandwich_add(t, "tau2_i", NULL);
        t->column[t->n - 1].values = of->tau2;
    }
    if (of->random && of->cr2) {
        mtp_sandwich_add(t, "vs_i", "v_i + tau2_i");
    }
    mtp_sandwich_add(t, of->w,
                     of->r.weight ? NULL
                     : of->random ? "1 / (v_i + tau2_i)"
                                  : "1 / v_i");
    t->column[t->n - 1].values = of->r.weight;
    if (of->cr2) {
        mtp_sandwich_add(t, "T_i", NULL);
        t->column[t->n - 1].values = of->T;
    }
}

static void study_table(mtp_between *of)
{
    mtp_sandwich_table t = {.s = of->s};

    mtp_sandwich_add(&t, "y_i", NULL);
    t.column[t.n - 1].values = of->r.y;
    for (size_t j = 0; j < of->p; j++) {
        mtp_sandwich_add(&t, text(of, "x_#_i", j, 0), NULL);
        t.column[t.n - 1].values = of->r.x[j];
    }
    put_weights(of, &t);
    mtp_sandwich_add(&t, "r_i", residual(of));
    for (int i = 0; i < (int)MTP_BETWEEN_COUNT; i++) {
        mtp_between_sum which = (mtp_between_sum)i;

        for (size_t j = 0; mtp_between_takes(of, which) && j < of->p; j++) {
            const char *part = mtp_between_part(of, which, j);

            if (which == MTP_BETWEEN_WEIGHT || which == MTP_BETWEEN_NOISE) {
                mtp_sandwich_total(&t, part);
            } else {
                mtp_sandwich_part(&t, part);
            }
        }
    }
    mtp_sandwich_write(&t);
}

bool mtp_between_takes(const mtp_between *of, mtp_between_sum which)
{
    switch (which) {
    case MTP_BETWEEN_NOISE:
    case MTP_BETWEEN_CROSS:
        return of->cr2 && of->r.weight;
    case MTP_BETWEEN_T:
    case MTP_BETWEEN_SQUARE:
        return of->cr2;
    default:
        return true;
    }
}

static void put_sums(mtp_between *of)
{
    for (size_t j = 0; j < of->p; j++) {
        (void)mtp_solution_linef(of->s, text(of, "S_#", j, 0), (double)NAN, "sum(%s)",
                                 mtp_between_part(of, MTP_BETWEEN_WEIGHT, j));
    }
    for (size_t j = 0; mtp_between_takes(of, MTP_BETWEEN_NOISE) && j < of->p; j++) {
        (void)mtp_solution_linef(of->s, text(of, "N_#", j, 0), (double)NAN, "sum(%s)",
                                 mtp_between_part(of, MTP_BETWEEN_NOISE, j));
    }
}

static void cluster_table(mtp_between *of)
{
    mtp_sandwich_table t = {.s = of->s};

    for (size_t j = 0; j < of->p; j++) {
        mtp_sandwich_add(
            &t, text(of, "t_#_g", j, 0),
            mtp_regress_format(of->s, "sum_g(%s)",
                               mtp_between_part(of, MTP_BETWEEN_SCORE, j)));
    }
    for (size_t j = 0; j < of->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_sandwich_total(&t, text(of, "t_#_g * t_@_g", j, l));
        }
    }
    mtp_robust_rows_are_clusters(&of->r);
    mtp_sandwich_write(&t);
}

/* U, the covariance of the means, and G, that of their differences from the first. */
static void covariance(mtp_between *of)
{
    mtp_solution *s = of->s;

    mtp_solution_given(s, "G", (double)of->r.m);
    mtp_solution_given(s, "m", (double)of->p);
    if (of->r.type == MTP_ROBUST_CR1) {
        (void)mtp_solution_line(s, "f", "G / (G - m)", (double)NAN);
    }
    for (size_t j = 0; j < of->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            (void)mtp_solution_linef(s, text(of, "U_#_@", j, l), (double)NAN,
                                     "%ssum(t_%zu_g * t_%zu_g) / (S_%zu * S_%zu)",
                                     of->r.type == MTP_ROBUST_CR1 ? "f * " : "", j + 1,
                                     l + 1, j + 1, l + 1);
        }
    }
    for (size_t j = 1; j < of->p; j++) {
        for (size_t l = j; l < of->p; l++) {
            (void)mtp_solution_line(
                s, text(of, "G_#_@", l - 1, j - 1),
                l == j ? text(of, "U_#_# - 2 * U_#_1 + U_1_1", j, 0)
                       : text(of, "U_#_@ - U_#_1 - U_@_1 + U_1_1", l, j),
                (double)NAN);
        }
        (void)mtp_solution_line(s, text(of, "h_#", j - 1, 0),
                                text(of, "mu_# - mu_1", j, 0), (double)NAN);
    }
}

static void put_test(mtp_between *of)
{
    mtp_solution *s = of->s;
    const mtp_test *test = of->test;

    mtp_equations_factor(s, "G", of->p - 1);
    mtp_equations_form(s, "h", "Q_b", of->p - 1, (double)NAN);
    (void)mtp_solution_line(s, "df_1", "m - 1", test->df);
    if (of->cr2) {
        mtp_between_eta(of);
        (void)mtp_solution_line(s, "df_2", "eta - df_1 + 1", test->df2);
        (void)mtp_solution_line(s, "F", "df_2 * Q_b / (eta * df_1)", test->statistic);
    } else {
        (void)mtp_solution_line(s, "df_2", "G - m", test->df2);
        (void)mtp_solution_line(s, "F", "Q_b / df_1", test->statistic);
    }
    (void)mtp_solution_line(s, "p", "upper_F(F, df_1, df_2)", test->p);
}

void mtp_explain_robust_between(mtp_explain_work *work, const char *title, bool random,
                                const mtp_test *test)
{
    const mtp_pool_result *pool = work->bundle->pool;
    mtp_between of = {.work = work,
                      .s = work->s,
                      .p = pool->n_groups,
                      .random = random,
                      .test = test,
                      .cr2 = pool->options.robust == MTP_ROBUST_CR2};
    size_t mark = work->s->scope.n;

    if (isnan(test->statistic)) {
        return;
    }
    mtp_solution_heading(work->s, 3, "%s", title);
    if (of.p > MOST_GROUPS) {
        mtp_solution_text(work->s, "The robust test is worked of up to %d subgroups.",
                          (int)MOST_GROUPS);
        return;
    }
    if (!begin(&of)) {
        work->s->failed = true;
        return;
    }
    of.w = of.r.weight ? "a_i" : random ? "ws_i" : "w_i";
    list_groups(&of);
    study_table(&of);
    put_sums(&of);
    cluster_table(&of);
    mtp_solution_text(
        work->s, "U is the covariance of the m means by the G clusters, `G_1_1` and "
                 "so on that of their differences h from the first, and `Q_b` is h "
                 "times the inverse of the latter times h.");
    covariance(&of);
    put_test(&of);
    mtp_robust_work_end(&of.r);
    work->s->scope.n = mark;
}
