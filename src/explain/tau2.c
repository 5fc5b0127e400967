/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The between-study variance: by its formula where it has one, else the equation that
 * it solves, both sides of it. */
#include "core/number.h"
#include "explain/tau2_search.h"
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

const char *mtp_explain_q(const mtp_explain_work *work)
{
    const mtp_pool_options *options = &work->bundle->pool->options;
    mtp_tau2_method t = options->tau2;
    bool moment = t == MTP_TAU2_HS || t == MTP_TAU2_HSK || t == MTP_TAU2_GENQ ||
                  t == MTP_TAU2_DL2;

    return mtp_method_is_stratified(options->method) && moment ? "Q_v" : "Q";
}

static void both_sides(const mtp_search *of, const char *left, const char *right)
{
    mtp_explain_both_sides(of->work->s, mtp_search_named(of, "tau2"), of->tau2,
                           mtp_search_named(of, left), mtp_search_named(of, right));
}

/* A table at the solution, with powers of its weights. */
static void table_at(const mtp_search *of)
{
    mtp_solution *s = of->work->s;
    double top = 0.0, bottom = 0.0, tau2 = of->tau2;

    for (size_t i = 0; i < of->set->k; i++) {
        top += of->set->y[i] / (of->set->v[i] + tau2);
        bottom += 1.0 / (of->set->v[i] + tau2);
    }
    if (of->null) {
        mtp_solution_given(s, mtp_search_named(of, "tau2"), tau2);
    }
    mtp_solution_know(s, mtp_search_named(of, "tau2"), tau2);
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(s, 8,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = of->set->y},
                           {.name = "v_i", .values = of->set->v},
                           {.name = "ws_i",
                            .formula = mtp_search_named(of, "1 / (v_i + tau2)"),
                            .total = true},
                           {.formula = "ws_i * y_i", .total = true},
                           {.formula = "ws_i^2", .total = true},
                           {.formula = "ws_i^3", .total = true},
                           {.formula = "ws_i * (y_i - m)^2", .total = true},
                           {.formula = "ws_i^2 * (y_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(ws_i * y_i) / sum(ws_i)", (double)NAN);
    of->work->tabled = true;
}

/* Returns whether the standard error was worked too. */
static bool estimate(const mtp_search *of)
{
    mtp_solution *s = of->work->s;

    switch (of->method) {
    case MTP_TAU2_REML:
        mtp_solution_text(
            s, "%s",
            mtp_search_named(of, "REML: `tau2` at which the restricted likelihood is "
                                 "highest. There its derivative is 0, which is this "
                                 "equation:"));
        table_at(of);
        both_sides(of, "sum(ws_i^2 * (y_i - m)^2)",
                   "sum(ws_i) - sum(ws_i^2) / sum(ws_i)");
        break;
    case MTP_TAU2_ML:
        mtp_solution_text(
            s, "%s",
            mtp_search_named(of,
                             "ML: `tau2` at which the likelihood is highest. There its "
                             "derivative is 0, which is this equation:"));
        table_at(of);
        both_sides(of, "sum(ws_i^2 * (y_i - m)^2)", "sum(ws_i)");
        break;
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
        mtp_solution_text(
            s, "%s",
            mtp_search_named(of, "`tau2` at which Q equals its degrees of freedom:"));
        table_at(of);
        both_sides(of, "sum(ws_i * (y_i - m)^2)", "df");
        break;
    case MTP_TAU2_PMM:
        mtp_solution_text(
            s, "%s",
            mtp_search_named(of,
                             "`tau2` at which Q equals the median of chi-square with "
                             "its degrees of freedom:"));
        table_at(of);
        both_sides(of, "sum(ws_i * (y_i - m)^2)", "chi2(0.5, df)");
        break;
    case MTP_TAU2_DL:
        mtp_search_dersimonian_laird(of);
        break;
    case MTP_TAU2_HE:
        mtp_search_hedges(of, mtp_search_named(of, "tau2"), of->tau2);
        break;
    case MTP_TAU2_HS:
        mtp_search_by_formula(of, "(Q - k) / sum(w_i)");
        break;
    case MTP_TAU2_HSK:
        mtp_search_by_formula(of, "(Q * k / df - k) / sum(w_i)");
        break;
    case MTP_TAU2_SJ:
        mtp_search_sidik_jonkman(of);
        break;
    case MTP_TAU2_GENQ:
        if (of->set->weight) {
            mtp_search_generalized(of, (mtp_solution_column){.name = "a_i",
                                                             .values = of->set->weight,
                                                             .total = true});
        } else {
            mtp_search_dersimonian_laird(of);
        }
        break;
    case MTP_TAU2_DL2:
        mtp_search_two_steps(of, false);
        break;
    case MTP_TAU2_CA2:
        mtp_search_two_steps(of, true);
        break;
    case MTP_TAU2_GENQM:
        if (mtp_explain_median_unbiased(of->work, of->set, mtp_search_named(of, "tau2"),
                                        of->tau2, of->se)) {
            return true;
        }
        mtp_solution_text(
            s, "%s",
            mtp_search_named(of,
                             "There are too many studies for `tau2` to be worked here: "
                             "it is the value at which the generalized Q exceeds its "
                             "observed value with probability 1/2, by the distribution "
                             "of a sum of weighted chi-squares."));
        mtp_solution_given(s, mtp_search_named(of, "tau2"), of->tau2);
        if (of->set->weight) {
            mtp_solution_table(
                s, 2,
                (const mtp_solution_column[]){
                    {.name = "a_i", .values = of->set->weight, .total = true},
                    {.formula = "a_i^2", .total = true}});
        }
        break;
    case MTP_TAU2_EE:
        mtp_solution_text(
            s, "%s", mtp_search_named(of, "Equal effects: `tau2` is 0 by choice."));
        mtp_solution_given(s, mtp_search_named(of, "tau2"), 0.0);
        break;
    case MTP_TAU2_GIVEN:
    case MTP_TAU2_COUNT:
        mtp_solution_text(s, "%s", mtp_search_named(of, "`tau2` is given."));
        mtp_solution_given(s, mtp_search_named(of, "tau2"), of->tau2);
        break;
    }
    return false;
}

void mtp_explain_tau2(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_pool_result *pool = work->bundle->pool;
    const mtp_heterogeneity *h = &set->pooled->heterogeneity;
    bool chosen =
        pool->options.tau2 == MTP_TAU2_EE || pool->options.tau2 == MTP_TAU2_GIVEN;
    mtp_solution *s = work->s;

    mtp_solution_heading(s, 3, "Between-study variance: %s",
                         mtp_tau2_label(pool->options.tau2));
    (void)mtp_solution_line(s, "C", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "v_t", "df / C", h->vt);
    if (pool->options.tau2_scope == MTP_TAU2_COMMON && set->pooled != &pool->overall &&
        (work->shared || !chosen)) {
        mtp_explain_shared_tau2(work, h->tau2);
    } else {
        mtp_search of = {work,    set,        pool->options.tau2,
                         h->tau2, h->tau2_se, mtp_explain_q(work),
                         false};

        if (!estimate(&of)) {
            mtp_explain_tau2_error(work, set);
        }
    }
    mtp_solution_know(s, "tau2", h->tau2);
    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
}

/* Q around one mean, as the estimator of a regression without moderators takes it. */
static void null_q(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;
    double top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        top += set->y[i] / set->v[i];
        bottom += 1.0 / set->v[i];
    }
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(s, 6,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y},
                           {.name = "v_i", .values = set->v},
                           {.name = "w_i", .formula = "1 / v_i", .total = true},
                           {.formula = "w_i * y_i", .total = true},
                           {.formula = "w_i^2", .total = true},
                           {.formula = "w_i * (y_i - m)^2", .total = true}});
    mtp_solution_given(s, "k", (double)set->k);
    (void)mtp_solution_line(s, "m", "sum(w_i * y_i) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "Q_0", "sum(w_i * (y_i - m)^2)", (double)NAN);
    (void)mtp_solution_line(s, "df_0", "k - 1", (double)NAN);
    (void)mtp_solution_line(s, "C_0", "sum(w_i) - sum(w_i^2) / sum(w_i)", (double)NAN);
}

void mtp_explain_null_tau2(mtp_explain_work *work, const mtp_explain_set *set,
                           mtp_tau2_method method, double tau2)
{
    mtp_search of = {work, set, method, tau2, (double)NAN, "Q_0", true};

    null_q(work, set);
    (void)estimate(&of);
    work->tabled = false;
}
