/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The between-study variance: by its formula where it has one, else the equation that
 * it solves, both sides of it. */
#include "core/number.h"
#include "explain/work.h"
#include "models/stratified.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

void mtp_explain_both_sides(mtp_solution *s, const char *name, double tau2,
                            const char *left, const char *right)
{
    double a = mtp_solution_line(s, "L", left, (double)NAN);
    double b = mtp_solution_line(s, "R", right, (double)NAN);
    const mtp_expr *difference =
        mtp_expr_parse(s->arena, mtp_arena_printf(s->arena, "%s - (%s)", left, right));
    mtp_figure f;

    if (!difference) {
        s->failed = true;
        return;
    }
    f = mtp_expr_value(difference, &s->scope, 0, MTP_EXACT);
    if (tau2 == 0.0 && a <= b) {
        mtp_solution_text(s,
                          "At `%s` = 0 the left side is not above the right one, and "
                          "it falls as `%s` grows: the solution is 0.",
                          name, name);
    } else {
        double scale = fmax(fabs(a), fabs(b));

        f.value /= scale;
        f.error = f.error / scale + 1e-12;
        if (mtp_solution_agrees(s, "the equation", f, 0.0)) {
            mtp_solution_text(s,
                              "Both sides agree: `%s` solves the equation. It is found "
                              "by search, and checked by this.",
                              name);
        }
    }
}

static void both_sides(mtp_explain_work *work, const mtp_explain_set *set,
                       const char *left, const char *right)
{
    mtp_explain_both_sides(work->s, "tau2", set->pooled->heterogeneity.tau2, left,
                           right);
}

/* A table at the solution, with powers of its weights. */
static void table_at(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    double top = 0.0, bottom = 0.0, tau2 = set->pooled->heterogeneity.tau2;

    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / (set->v[i] + tau2);
        bottom += 1.0 / (set->v[i] + tau2);
    }
    mtp_solution_know(s, "tau2", tau2);
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(
        s, 8,
        (const mtp_solution_column[]){
            {.name = "y_i", .values = set->y},
            {.name = "v_i", .values = set->v},
            {.name = "ws_i", .formula = "1 / (v_i + tau2)", .total = true},
            {.formula = "ws_i * y_i", .total = true},
            {.formula = "ws_i^2", .total = true},
            {.formula = "ws_i^3", .total = true},
            {.formula = "ws_i * (y_i - m)^2", .total = true},
            {.formula = "ws_i^2 * (y_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(ws_i * y_i) / sum(ws_i)", (double)NAN);
    work->tabled = true;
}

/* A moment estimator: raw value and its truncation at 0 in one line. */
static void by_formula(mtp_explain_work *work, const mtp_explain_set *set,
                       const char *formula)
{
    (void)mtp_solution_linef(work->s, "tau2", set->pooled->heterogeneity.tau2,
                             "max(0, %s)", formula);
}

const char *mtp_explain_q(const mtp_explain_work *work)
{
    const mtp_pool_options *options = &work->bundle->pool->options;
    mtp_tau2_method t = options->tau2;
    bool moment = t == MTP_TAU2_HS || t == MTP_TAU2_HSK || t == MTP_TAU2_GENQ ||
                  t == MTP_TAU2_DL2;

    return mtp_method_is_stratified(options->method) && moment ? "Q_v" : "Q";
}

/* A formula of Q, with the name of the one that the estimator takes. */
static const char *with_q(mtp_explain_work *work, const char *before, const char *after)
{
    const char *text =
        mtp_arena_printf(work->s->arena, "%s%s%s", before, mtp_explain_q(work), after);

    work->s->failed = work->s->failed || !text;
    return text ? text : "0";
}

static void dersimonian_laird(mtp_explain_work *work, const mtp_explain_set *set)
{
    by_formula(work, set, with_q(work, "(", " - df) / C"));
}

static void hedges(mtp_explain_work *work, const mtp_explain_set *set, const char *name,
                   double figure)
{
    mtp_solution *s = work->s;
    double mean = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        mean += set->y[i] / (double)set->k;
    }
    mtp_solution_know(s, "m_y", mean);
    mtp_solution_table(
        s, 3,
        (const mtp_solution_column[]){{.name = "y_i", .values = set->y, .total = true},
                                      {.name = "v_i", .values = set->v, .total = true},
                                      {.formula = "(y_i - m_y)^2", .total = true}});
    (void)mtp_solution_line(s, "m_y", "sum(y_i) / k", (double)NAN);
    (void)mtp_solution_line(
        s, name, "max(0, sum((y_i - m_y)^2) / (k - 1) - sum(v_i) / k)", figure);
}

/* (Q_a - sum a v + sum a^2 v / A) / (A - sum a^2 / A) at weights a. */
static void generalized(mtp_explain_work *work, const mtp_explain_set *set,
                        mtp_solution_column weight)
{
    mtp_solution *s = work->s;
    const mtp_expr *e =
        weight.formula ? mtp_expr_parse(s->arena, weight.formula) : NULL;
    double top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        double a =
            e ? mtp_expr_value(e, &s->scope, i, MTP_EXACT).value : weight.values[i];

        top += a * set->y[i];
        bottom += a;
    }
    mtp_solution_know(s, "m_a", top / bottom);
    mtp_solution_table(s, 8,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y},
                           {.name = "v_i", .values = set->v},
                           weight,
                           {.formula = "a_i * y_i", .total = true},
                           {.formula = "a_i^2", .total = true},
                           {.formula = "a_i * v_i", .total = true},
                           {.formula = "a_i^2 * v_i", .total = true},
                           {.formula = "a_i * (y_i - m_a)^2", .total = true}});
    (void)mtp_solution_line(s, "m_a", "sum(a_i * y_i) / sum(a_i)", (double)NAN);
    by_formula(work, set,
               "(sum(a_i * (y_i - m_a)^2) - sum(a_i * v_i) + "
               "sum(a_i^2 * v_i) / sum(a_i)) / (sum(a_i) - sum(a_i^2) / sum(a_i))");
}

static void sidik_jonkman(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    double mean = 0.0, t0 = 0.0, top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        mean += set->y[i] / (double)set->k;
    }
    for (size_t i = 0; i < set->k; i++) {
        t0 += (set->y[i] - mean) * (set->y[i] - mean) / (double)set->k;
    }
    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / (set->v[i] + t0);
        bottom += 1.0 / (set->v[i] + t0);
    }
    mtp_solution_know(s, "m_y", mean);
    mtp_solution_know(s, "t_0", t0);
    mtp_solution_know(s, "m_0", top / bottom);
    mtp_solution_table(s, 6,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y, .total = true},
                           {.name = "v_i", .values = set->v},
                           {.formula = "(y_i - m_y)^2", .total = true},
                           {.name = "u_i", .formula = "1 / (v_i + t_0)", .total = true},
                           {.formula = "u_i * y_i", .total = true},
                           {.formula = "u_i * (y_i - m_0)^2", .total = true}});
    (void)mtp_solution_line(s, "m_y", "sum(y_i) / k", (double)NAN);
    (void)mtp_solution_line(s, "t_0", "sum((y_i - m_y)^2) / k", (double)NAN);
    (void)mtp_solution_line(s, "m_0", "sum(u_i * y_i) / sum(u_i)", (double)NAN);
    (void)mtp_solution_line(s, "tau2", "t_0 * sum(u_i * (y_i - m_0)^2) / df",
                            set->pooled->heterogeneity.tau2);
}

/* DL2 and CA2: a first value, then the generalized formula at its weights. */
static void two_steps(mtp_explain_work *work, const mtp_explain_set *set,
                      bool hedges_first)
{
    mtp_solution *s = work->s;

    if (hedges_first) {
        hedges(work, set, "t_1", (double)NAN);
    } else {
        (void)mtp_solution_line(s, "t_1", with_q(work, "max(0, (", " - df) / C)"),
                                (double)NAN);
    }
    generalized(work, set,
                (mtp_solution_column){
                    .name = "a_i", .formula = "1 / (v_i + t_1)", .total = true});
}

static void estimate(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    const mtp_heterogeneity *h = &set->pooled->heterogeneity;
    mtp_tau2_method method = work->bundle->pool->options.tau2;

    switch (method) {
    case MTP_TAU2_REML:
        mtp_solution_text(s, "REML: `tau2` at which the restricted likelihood is "
                             "highest. There its derivative is 0, which is this "
                             "equation:");
        table_at(work, set);
        both_sides(work, set, "sum(ws_i^2 * (y_i - m)^2)",
                   "sum(ws_i) - sum(ws_i^2) / sum(ws_i)");
        break;
    case MTP_TAU2_ML:
        mtp_solution_text(s, "ML: `tau2` at which the likelihood is highest. There its "
                             "derivative is 0, which is this equation:");
        table_at(work, set);
        both_sides(work, set, "sum(ws_i^2 * (y_i - m)^2)", "sum(ws_i)");
        break;
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
        mtp_solution_text(s, "`tau2` at which Q equals its degrees of freedom:");
        table_at(work, set);
        both_sides(work, set, "sum(ws_i * (y_i - m)^2)", "df");
        break;
    case MTP_TAU2_PMM:
        mtp_solution_text(s, "`tau2` at which Q equals the median of chi-square with "
                             "its degrees of freedom:");
        table_at(work, set);
        both_sides(work, set, "sum(ws_i * (y_i - m)^2)", "chi2(0.5, df)");
        break;
    case MTP_TAU2_DL:
        dersimonian_laird(work, set);
        break;
    case MTP_TAU2_HE:
        hedges(work, set, "tau2", h->tau2);
        break;
    case MTP_TAU2_HS:
        by_formula(work, set, with_q(work, "(", " - k) / sum(w_i)"));
        break;
    case MTP_TAU2_HSK:
        by_formula(work, set, with_q(work, "(", " * k / df - k) / sum(w_i)"));
        break;
    case MTP_TAU2_SJ:
        sidik_jonkman(work, set);
        break;
    case MTP_TAU2_GENQ:
        if (set->weight) {
            generalized(work, set,
                        (mtp_solution_column){
                            .name = "a_i", .values = set->weight, .total = true});
        } else {
            dersimonian_laird(work, set);
        }
        break;
    case MTP_TAU2_DL2:
        two_steps(work, set, false);
        break;
    case MTP_TAU2_CA2:
        two_steps(work, set, true);
        break;
    case MTP_TAU2_GENQM:
        if (mtp_explain_median_unbiased(work, set, h->tau2, h->tau2_se)) {
            return;
        }
        mtp_solution_text(s, "There are too many studies for `tau2` to be worked here: "
                             "it is the value at which the generalized Q exceeds its "
                             "observed value with probability 1/2, by the distribution "
                             "of a sum of weighted chi-squares.");
        mtp_solution_given(s, "tau2", h->tau2);
        if (set->weight) {
            mtp_solution_table(
                s, 2,
                (const mtp_solution_column[]){
                    {.name = "a_i", .values = set->weight, .total = true},
                    {.formula = "a_i^2", .total = true}});
        }
        break;
    case MTP_TAU2_EE:
        mtp_solution_text(s, "Equal effects: `tau2` is 0 by choice.");
        mtp_solution_given(s, "tau2", 0.0);
        break;
    case MTP_TAU2_GIVEN:
    case MTP_TAU2_COUNT:
        mtp_solution_text(s, "`tau2` is given.");
        mtp_solution_given(s, "tau2", h->tau2);
        break;
    }
    mtp_explain_tau2_error(work, set);
}

void mtp_explain_tau2(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_pool_result *pool = work->bundle->pool;
    const mtp_heterogeneity *h = &set->pooled->heterogeneity;
    mtp_solution *s = work->s;

    mtp_solution_heading(s, 3, "Between-study variance: %s",
                         mtp_tau2_label(pool->options.tau2));
    (void)mtp_solution_line(s, "C", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "v_t", "df / C", h->vt);
    if (pool->options.tau2_scope == MTP_TAU2_COMMON && set->pooled != &pool->overall) {
        mtp_solution_text(s, "The subgroups share a `tau2`, that of the regression on "
                             "all of them, which is not worked here.");
        mtp_solution_given(s, "tau2", h->tau2);
    } else {
        estimate(work, set);
    }
    mtp_solution_know(s, "tau2", h->tau2);
    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
}
