/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster-robust standard error of a mean and its degrees of freedom. */
#include "explain/robust.h"

#include <math.h>

enum { COLUMNS = 9 + MTP_LEVELS_MAX };

static const char *weight_column(const mtp_explain_robust *r)
{
    return r->weight ? "a_i" : r->with_tau2 ? "ws_i" : "w_i";
}

/* y_i, v_i, and the working variance or weight where a table needs it. */
static size_t base_columns(const mtp_explain_robust *r, bool weights,
                           mtp_solution_column column[])
{
    size_t n = 0;

    column[n++] = (mtp_solution_column){.name = "y_i", .values = r->y};
    if (!(weights && r->weight)) {
        column[n++] = (mtp_solution_column){.name = "v_i", .values = r->v};
    }
    if (weights) {
        column[n] = (mtp_solution_column){.name = weight_column(r)};
        column[n].values = r->weight;
        column[n++].formula = r->weight      ? NULL
                              : r->with_tau2 ? "1 / (v_i + tau2)"
                                             : "1 / v_i";
    } else if (r->with_tau2 && !r->nested) {
        column[n++] = (mtp_solution_column){.name = "vs_i", .formula = "v_i + tau2"};
    }
    return n;
}

static void square_scores(mtp_explain_robust *r, const char *score)
{
    mtp_robust_rows_are_clusters(r);
    mtp_solution_table(
        r->s, 2,
        (const mtp_solution_column[]){{.name = "t_g", .formula = score},
                                      {.formula = "t_g^2", .total = true}});
}

/* The same in nested levels: t_i of each outermost group. */
static void group_scores(mtp_explain_robust *r)
{
    mtp_solution *s = r->s;
    mtp_solution_column column[COLUMNS];
    size_t n = mtp_robust_shares(r, column);

    mtp_solution_text(
        s, "Effects of one cluster g may depend on each other in any way: the "
           "residuals of each outermost group, by the inverse of their covariance, are "
           "its score `t_i`, the weighted effect less the mean times the weight; "
           "these are added up to the score `t_g` of the cluster (sum_g), and only "
           "these are taken as independent.");
    mtp_robust_rows_are_groups(r);
    column[n++] = (mtp_solution_column){
        .name = "t_i", .formula = "w_y_i - mu * w_i", .subtotal = true};
    mtp_solution_table(s, n, column);
    square_scores(r, "sum_g(t_i)");
}

/* t_g without adjustment. */
static void plain_scores(mtp_explain_robust *r, const char *residual)
{
    mtp_solution *s = r->s;
    mtp_solution_column column[COLUMNS];
    size_t n = base_columns(r, true, column);
    const char *product = mtp_arena_printf(s->arena, "%s * r_i", weight_column(r));
    const char *score = mtp_arena_printf(s->arena, "sum_g(%s * r_i)", weight_column(r));

    if (!product || !score) {
        s->failed = true;
        return;
    }
    mtp_solution_text(
        s,
        "Effects of one cluster g may depend on each other in any way: the "
        "residuals r of its studies, by their weights, are added up to the score `t_g` "
        "of the cluster (sum_g), and only these are taken as independent.");
    column[n++] = (mtp_solution_column){.name = "r_i", .formula = residual};
    column[n++] = (mtp_solution_column){.formula = product, .subtotal = true};
    mtp_solution_table(s, n, column);
    square_scores(r, score);
}

/* T'V T of a cluster is the sum of it. */
static const char *noise_column(const mtp_explain_robust *r)
{
    return r->nested ? "T_i * n_i"
                     : mtp_arena_printf(r->s->arena, "%s * T_i^2",
                                        mtp_robust_variance_column(r));
}

/* In nested levels: m, and what n is to be. */
static void level_sums(mtp_explain_robust *r)
{
    mtp_solution_text(r->s, "n is the covariance of the effects times T: that of an "
                            "effect by itself, and of each level its variance times m, "
                            "the sum of T over the group.");
    mtp_scope_set_column(&r->s->scope, "T_i", r->T[0], r->T_error[0]);
    mtp_robust_level_sums(r, "T_i");
}

static void adjusted_scores(mtp_explain_robust *r, const char *residual)
{
    mtp_solution *s = r->s;
    mtp_solution_column column[COLUMNS];
    size_t n = base_columns(r, false, column);
    const char *noise = noise_column(r);
    const char *cross =
        mtp_arena_printf(s->arena, "a_i * %s * T_i", mtp_robust_variance_column(r));

    if (!noise || !cross) {
        s->failed = true;
        return;
    }
    mtp_solution_heading(s, 4, "Scores of the clusters");
    mtp_solution_text(s,
                      "With T in the place of the weights, the residuals r of each "
                      "cluster g are added up to its score `t_g` (sum_g); the sums of "
                      "the other columns serve the degrees of freedom.");
    if (r->weight) {
        column[n++] = (mtp_solution_column){.name = "a_i", .values = r->weight};
    }
    column[n++] = (mtp_solution_column){.name = "r_i", .formula = residual};
    column[n++] = (mtp_solution_column){.name = "T_i",
                                        .values = r->T[0],
                                        .error = r->T_error ? r->T_error[0] : NULL,
                                        .subtotal = true};
    column[n++] = (mtp_solution_column){.formula = "T_i * r_i", .subtotal = true};
    if (r->nested) {
        level_sums(r);
        n = mtp_robust_add_spread(r, "T_i", column, n);
    }
    column[n++] = (mtp_solution_column){.formula = noise, .subtotal = true};
    if (r->weight) {
        column[n++] = (mtp_solution_column){.formula = cross, .subtotal = true};
    }
    mtp_solution_table(s, n, column);
    square_scores(r, "sum_g(T_i * r_i)");
}

/* The variances p_g of the scores and their covariances -q_g q_h, both by S. */
static void degrees_of_freedom(mtp_explain_robust *r, double df)
{
    mtp_solution *s = r->s;
    const char *noise = noise_column(r);

    noise = noise ? mtp_arena_printf(s->arena, "sum_g(%s)", noise) : NULL;
    if (!noise) {
        s->failed = true;
        return;
    }
    mtp_solution_text(
        s,
        "Degrees of freedom by Satterthwaite: under the working model a score has "
        "the variance `p_g`, and two clusters g and h have the covariance -`q_g` "
        "`q_h` (both divided by `S`). The degrees of freedom are the square of the "
        "sum of the variances, divided by the sum of the squares of all variances and "
        "covariances; `sum(q_g^2)^2 - sum(q_g^4)` is that of the covariances.");
    mtp_solution_table(s, 7,
                       (const mtp_solution_column[]){
                           {.name = "u_g", .formula = "sum_g(T_i)"},
                           {.name = "e_g", .formula = noise},
                           {.name = "q_g", .formula = "u_g / S"},
                           {.name = "p_g", .formula = "e_g / S - q_g^2", .total = true},
                           {.formula = "p_g^2", .total = true},
                           {.formula = "q_g^2", .total = true},
                           {.formula = "q_g^4", .total = true}});
    (void)mtp_solution_line(
        s, "df_t", "sum(p_g)^2 / (sum(p_g^2) + sum(q_g^2)^2 - sum(q_g^4))", df);
}

/* The same with weights a of their own: covariances -(q_g k_h + k_g q_h). */
static void degrees_of_freedom_weighted(mtp_explain_robust *r, double df)
{
    mtp_solution *s = r->s;
    const char *column = mtp_robust_variance_column(r);
    const char *noise = mtp_arena_printf(s->arena, "sum_g(%s * T_i^2)", column);
    const char *cross = mtp_arena_printf(s->arena, "sum_g(a_i * %s * T_i)", column);

    if (!noise || !cross) {
        s->failed = true;
        return;
    }
    mtp_solution_text(
        s, "Degrees of freedom by Satterthwaite: under the working model a score has "
           "the variance `p_g`, and two clusters g and h have the covariance -(`q_g` "
           "`k_h` + `k_g` `q_h`). The degrees of freedom are the square of the sum of "
           "the variances, divided by the sum of the squares of all variances and "
           "covariances, "
           "which is F.");
    mtp_solution_table(s, 11,
                       (const mtp_solution_column[]){
                           {.name = "u_g", .formula = "sum_g(T_i)"},
                           {.name = "e_g", .formula = noise},
                           {.name = "o_g", .formula = cross},
                           {.name = "q_g", .formula = "u_g / S"},
                           {.name = "k_g", .formula = "o_g - N * q_g / 2"},
                           {.name = "b_g", .formula = "2 * q_g * k_g"},
                           {.name = "p_g", .formula = "e_g - b_g", .total = true},
                           {.formula = "p_g^2 - b_g^2", .total = true},
                           {.formula = "q_g^2", .total = true},
                           {.formula = "k_g^2", .total = true},
                           {.formula = "q_g * k_g", .total = true}});
    (void)mtp_solution_line(
        s, "F",
        "sum(p_g^2 - b_g^2) + 2 * sum(q_g^2) * sum(k_g^2) + 2 * sum(q_g * k_g)^2",
        (double)NAN);
    (void)mtp_solution_line(s, "df_t", "sum(p_g)^2 / F", df);
}

/* S, the sum of the weights, and with weights of their own N, from the sums of the
 * table of the mean. */
static void sums(mtp_explain_robust *r, bool nested)
{
    mtp_solution *s = r->s;

    if (nested) {
        mtp_solution_text(s, "`S` is from here on the sum of the weights.");
        (void)mtp_solution_line(s, "S", "M", (double)NAN);
        return;
    }
    (void)mtp_solution_linef(s, "S", (double)NAN, "sum(%s)", weight_column(r));
    if (r->weight && r->type == MTP_ROBUST_CR2) {
        (void)mtp_solution_line(
            s, "N", r->with_tau2 ? "sum(a_i^2 * (v_i + tau2))" : "sum(a_i^2 * v_i)",
            (double)NAN);
    }
}

static void inference(mtp_explain_robust *r, const mtp_interval *ci, const char *name)
{
    mtp_solution *s = r->s;

    mtp_solution_given(s, "G", (double)r->m);
    if (r->type == MTP_ROBUST_CR1) {
        (void)mtp_solution_line(s, "f", "G / (G - 1)", (double)NAN);
    }
    (void)mtp_solution_line(s, name,
                            r->type == MTP_ROBUST_CR1 ? "sqrt(f * sum(t_g^2)) / S"
                                                      : "sqrt(sum(t_g^2)) / S",
                            ci->se);
    if (r->type != MTP_ROBUST_CR2) {
        (void)mtp_solution_line(s, "df_t", "G - 1", ci->df);
    } else if (r->weight) {
        degrees_of_freedom_weighted(r, ci->df);
    } else {
        degrees_of_freedom(r, ci->df);
    }
}

static const double *residuals(mtp_explain_work *work, const mtp_explain_set *set)
{
    double *made = MTP_ARENA_ARRAY(work->s->arena, set->k, double);

    for (size_t i = 0; made && i < set->k; i++) {
        made[i] = set->y[i] - set->estimate->estimate;
    }
    return made;
}

void mtp_explain_robust_mean(mtp_explain_work *work, const mtp_explain_set *set,
                             const mtp_interval *ci, const char *suffix)
{
    mtp_solution *s = work->s;
    const char *residual = mtp_arena_printf(s->arena, "y_i - mu%s", suffix);
    const char *name = mtp_arena_printf(s->arena, "s%s", suffix);
    mtp_explain_working of = {.set = set, .p = 1};
    mtp_explain_robust r;

    of.residual = residuals(work, set);
    of.with_tau2 = suffix[0] == '\0';
    of.tau2 = of.with_tau2 ? set->pooled->heterogeneity.tau2 : 0.0;
    if (!residual || !name || !of.residual) {
        s->failed = true;
        return;
    }
    if (!mtp_robust_work_begin(work, &of, &r)) {
        return;
    }
    mtp_solution_text(s, "The variance is %s: %s; %zu studies in %zu clusters.",
                      mtp_robust_id(r.type), mtp_robust_label(r.type), r.k, r.m);
    sums(&r, of.with_tau2 && set->nested);
    if (r.type == MTP_ROBUST_CR2) {
        mtp_robust_adjustment(&r);
        adjusted_scores(&r, residual);
    } else if (r.nested) {
        group_scores(&r);
    } else {
        plain_scores(&r, residual);
    }
    inference(&r, ci, name);
    mtp_robust_work_end(&r);
    mtp_solution_know(s, name, ci->se);
    mtp_solution_know(s, "df_t", ci->df);
}
