/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster-robust covariance U of the coefficients of a regression. */
#include "explain/robust_regress.h"

#include <math.h>
#include <string.h>

/* y - b_1 x_1 - ... */
static const char *residual(mtp_sandwich *of)
{
    const char *made = "y_i";

    for (size_t j = 1; j <= of->r.p; j++) {
        made = mtp_sandwich_format(of, "%s - b_%zu * x_%zu_i", made, j, j);
    }
    return made;
}

/* What is added up to the score of a cluster, for column j. */
static const char *part_of_score(mtp_sandwich *of, size_t j)
{
    return of->r.type == MTP_ROBUST_CR2 ? mtp_sandwich_text(of, "T_#_i * r_i", j, 0)
           : of->r.nested               ? mtp_sandwich_text(of, "t_#_i", j, 0)
                          : mtp_sandwich_format(of, "%s * x_%zu_i * r_i", of->w, j + 1);
}

static void study_table(mtp_sandwich *of)
{
    mtp_sandwich_table t = {.of = of, .s = of->m->s};

    mtp_sandwich_base(&t, true);
    if (of->r.type != MTP_ROBUST_CR2) {
        t.column[t.n] = (mtp_solution_column){.name = of->w, .values = of->r.weight};
        t.column[t.n++].formula = of->r.weight ? NULL : "1 / (v_i + tau2)";
    }
    mtp_sandwich_add(&t, "r_i", residual(of));
    for (size_t j = 0; j < of->r.p && of->r.type == MTP_ROBUST_CR2; j++) {
        mtp_sandwich_weights(&t, j);
    }
    for (size_t j = 0; j < of->r.p; j++) {
        mtp_sandwich_part(&t, part_of_score(of, j));
    }
    mtp_sandwich_write(&t);
}

static void cluster_table(mtp_sandwich *of)
{
    mtp_sandwich_table t = {.of = of, .s = of->m->s};
    size_t p = of->r.p;

    for (size_t j = 0; j < p; j++) {
        mtp_sandwich_add(&t, mtp_sandwich_text(of, "t_#_g", j, 0),
                         mtp_sandwich_format(of, "sum_g(%s)", part_of_score(of, j)));
    }
    for (size_t j = 0; j < p; j++) {
        mtp_sandwich_add(&t, mtp_sandwich_text(of, "c_#_g", j, 0),
                         mtp_sandwich_row_of_V(of, j, "t_#_g"));
    }
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_sandwich_total(&t, mtp_sandwich_text(of, "t_#_g * t_@_g", j, l));
        }
    }
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_sandwich_total(&t, mtp_sandwich_text(of, "c_#_g * c_@_g", j, l));
        }
    }
    mtp_robust_rows_are_clusters(&of->r);
    mtp_sandwich_write(&t);
}

/* The meat M, which is shown for itself, and V M V, the sums of the c. */
static void covariance(mtp_sandwich *of)
{
    mtp_solution *s = of->m->s;
    size_t p = of->r.p;
    bool scaled = of->r.type == MTP_ROBUST_CR1;

    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            const char *sum = mtp_sandwich_text(of, "sum(t_#_g * t_@_g)", j, l);

            (void)mtp_solution_line(s, mtp_sandwich_text(of, "M_#_@", j, l), sum,
                                    (double)NAN);
        }
    }
    mtp_solution_given(s, "G", (double)of->r.m);
    if (scaled) {
        (void)mtp_solution_line(s, "f", "G / (G - p)", (double)NAN);
    }
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            (void)mtp_solution_line(
                s, mtp_sandwich_text(of, "U_#_@", j, l),
                mtp_sandwich_text(
                    of, scaled ? "f * sum(c_#_g * c_@_g)" : "sum(c_#_g * c_@_g)", j, l),
                of->m->fit->vcov[j * p + l]);
        }
    }
}

static void scores(mtp_sandwich *of)
{
    mtp_solution *s = of->m->s;
    bool adjusted = of->r.type == MTP_ROBUST_CR2;

    if (adjusted) {
        mtp_solution_heading(s, 4, "Scores of the clusters");
    }
    mtp_solution_text(
        s,
        "Effects of one cluster g may depend on each other in any way: the residuals "
        "r of its studies%s are added up to its scores t (sum_g), and only these are "
        "taken as independent. M, the sums of their products over the clusters, stands "
        "between V and V in the covariance U of the coefficients; with c, which is V "
        "times t, U is the sum of the products of c%s.",
        adjusted       ? ", by T,"
        : of->r.nested ? ", by the inverse of their covariance and moderators,"
                       : ", by weights and moderators,",
        of->r.type == MTP_ROBUST_CR1 ? ", times f" : "");
    if (of->r.nested && !adjusted) {
        mtp_solution_text(s, "The score of an outermost group is what it has of X'Wy "
                             "less b times what it has of X'WX.");
        mtp_robust_group_table(&of->r);
    } else {
        study_table(of);
    }
    cluster_table(of);
    covariance(of);
    mtp_robust_rows_are_studies(&of->r);
}

/* What tests and intervals take; the columns are put away before they go. */
static void keep(mtp_sandwich *of)
{
    mtp_solution *s = of->m->s;
    size_t p = of->r.p, begin = of->r.kept.n, n = 0;
    double df;
    mtp_quantity *kept =
        MTP_ARENA_ARRAY(s->arena, s->scope.n - begin + 1, mtp_quantity);

    for (size_t i = begin; kept && i < s->scope.n; i++) {
        if (s->scope.item[i].column) {
            kept[n++] = s->scope.item[i];
        }
    }
    of->kept = kept;
    of->n_kept = n;
    s->failed = s->failed || !kept;
    mtp_robust_work_end(&of->r);
    for (size_t j = 0; j < p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_solution_know(s, mtp_sandwich_text(of, "U_#_@", j, l),
                              of->m->fit->vcov[j * p + l]);
        }
        df = of->m->fit->coefficient[j].df;
        mtp_scope_set(&s->scope, mtp_sandwich_text(of, "nu_#", j, 0),
                      (mtp_figure){df, 1e-12 * fabs(df)});
    }
    mtp_solution_know(s, "G", (double)of->r.m);
}

static bool begin(mtp_explain_regression *m, mtp_sandwich *of)
{
    double *residuals = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);
    mtp_explain_set set = m->set;
    mtp_explain_working working = {.set = &set,
                                   .p = m->p,
                                   .x = (const double *const *)m->x,
                                   .residual = residuals,
                                   .tau2 = m->fit->heterogeneity.tau2,
                                   .with_tau2 = true};

    *of = (mtp_sandwich){
        .m = m,
        .w = m->weight ? "a_i" : "ws_i",
        .worked = mtp_arena_zalloc(m->s->arena, m->p, sizeof(bool)),
        .eta = mtp_arena_zalloc(m->s->arena, (size_t)1 << m->p, sizeof(double))};
    set.weight = m->weight;
    if (!residuals || !of->worked || !of->eta) {
        m->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < m->set.k; i++) {
        residuals[i] = m->set.y[i];
        for (size_t j = 0; j < m->p; j++) {
            residuals[i] -= m->fit->coefficient[j].estimate * m->x[j][i];
        }
    }
    return mtp_robust_work_begin(m->work, &working, &of->r);
}

void mtp_regress_robust(mtp_explain_regression *m, mtp_explain_inference *how)
{
    mtp_sandwich *of = MTP_ARENA_NEW(m->s->arena, mtp_sandwich);

    if (!of || !begin(m, of)) {
        m->s->failed = true;
        return;
    }
    mtp_solution_heading(m->s, 3, "Robust covariance");
    mtp_solution_text(m->s, "The variance is %s: %s; %zu studies in %zu clusters.",
                      mtp_robust_id(of->r.type), mtp_robust_label(of->r.type), of->r.k,
                      of->r.m);
    if (of->r.type == MTP_ROBUST_CR2) {
        mtp_robust_adjustment(&of->r);
    }
    scores(of);
    if (of->r.type == MTP_ROBUST_CR2) {
        mtp_sandwich_degrees_of_freedom(of);
    }
    keep(of);
    how->covariance = "U_#_@";
    how->own_df = of->r.type == MTP_ROBUST_CR2;
    how->robust = of;
    if (!how->own_df) {
        how->df = "df_r";
        (void)mtp_solution_line(m->s, "df_r", "G - p", m->fit->coefficient[0].df);
    }
}
