/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard error of the between-study variance, and the log-likelihood. Formulas as
 * in tau2/moments.c and tau2/likelihood.c. */
#include "explain/work.h"

#include <math.h>
#include <string.h>

/* What the standard error of an estimator is made of. */
typedef struct ingredients {
    const char *weight; /* of the quadratic form: "w_i"; NULL: equal weights */
    const char *by_c;   /* divided by what the form is divided by */
} ingredients;

static ingredients of(const mtp_explain_work *work, const mtp_explain_set *set)
{
    static const char by_given[] = " / (sum(a_i) - sum(a_i^2) / sum(a_i))";

    switch (work->bundle->pool->options.tau2) {
    case MTP_TAU2_HE:
        return (ingredients){NULL, " / (k - 1)"};
    case MTP_TAU2_HS:
        return (ingredients){"w_i", " / sum(w_i)"};
    case MTP_TAU2_HSK:
        return (ingredients){"w_i", " / (sum(w_i) * df / k)"};
    case MTP_TAU2_SJ:
        return (ingredients){"u_i", " * t_0 / df"};
    case MTP_TAU2_DL2:
    case MTP_TAU2_CA2:
        return (ingredients){"a_i", by_given};
    case MTP_TAU2_GENQ:
    case MTP_TAU2_GENQM:
        return set->weight ? (ingredients){"a_i", by_given}
                           : (ingredients){"w_i", " / C"};
    default:
        return (ingredients){"w_i", " / C"};
    }
}

static const char *printed(mtp_solution *s, const char *format, const char *weight)
{
    const char *made = strcmp(format, "square") == 0
                           ? mtp_arena_printf(s->arena, "%s^2 * (v_i + tau2)^2", weight)
                       : strcmp(format, "cube") == 0
                           ? mtp_arena_printf(s->arena, "%s^3 * (v_i + tau2)^2", weight)
                           : mtp_arena_printf(s->arena, "%s^2 * (v_i + tau2)", weight);

    s->failed = s->failed || !made;
    return made ? made : "0";
}

/* tr((P (V + tau2))^2) with P of weights a: sum a^2 s^2 - 2 sum a^3 s^2 / sum a +
 * (sum a^2 s / sum a)^2, s = v + tau2. */
static void weighted_trace(mtp_explain_work *work, const mtp_explain_set *set,
                           const char *a)
{
    mtp_solution *s = work->s;
    const mtp_quantity *known = mtp_scope_find(&s->scope, a);
    const char *square = printed(s, "square", a), *cube = printed(s, "cube", a);
    const char *once = printed(s, "once", a);

    if (!known || !known->column) {
        s->failed = true;
        return;
    }
    mtp_solution_table(
        s, 5,
        (const mtp_solution_column[]){
            {.name = "v_i", .values = set->v},
            {.name = a, .values = known->column, .error = known->error, .total = true},
            {.formula = square, .total = true},
            {.formula = cube, .total = true},
            {.formula = once, .total = true}});
    (void)mtp_solution_linef(s, "T_2", (double)NAN,
                             "sum(%s) - 2 * sum(%s) / sum(%s) + (sum(%s) / sum(%s))^2",
                             square, cube, a, once, a);
}

static void equal_trace(mtp_explain_work *work, const mtp_explain_set *set)
{
    mtp_solution *s = work->s;

    mtp_solution_table(
        s, 3,
        (const mtp_solution_column[]){{.name = "v_i", .values = set->v},
                                      {.formula = "v_i + tau2", .total = true},
                                      {.formula = "(v_i + tau2)^2", .total = true}});
    (void)mtp_solution_line(s, "T_2",
                            "sum((v_i + tau2)^2) - 2 * sum((v_i + tau2)^2) / k + "
                            "(sum(v_i + tau2) / k)^2",
                            (double)NAN);
}

static void moment_error(mtp_explain_work *work, const mtp_explain_set *set, double se)
{
    ingredients by = of(work, set);

    mtp_solution_text(work->s, "Its standard error, from the variances `v_i + tau2` of "
                               "the effects in the squares that it is made of:");
    if (by.weight) {
        weighted_trace(work, set, by.weight);
    } else {
        equal_trace(work, set);
    }
    (void)mtp_solution_linef(work->s, "se_t", se, "sqrt(2 * T_2)%s", by.by_c);
}

void mtp_explain_tau2_error(mtp_explain_work *work, const mtp_explain_set *set)
{
    double se = set->pooled->heterogeneity.tau2_se;
    mtp_solution *s = work->s;

    if (isnan(se)) {
        return;
    }
    mtp_solution_know(s, "tau2", set->pooled->heterogeneity.tau2);
    switch (work->bundle->pool->options.tau2) {
    case MTP_TAU2_REML:
        mtp_solution_text(s, "Its standard error, from the expected second derivative "
                             "of the likelihood:");
        (void)mtp_solution_line(s, "T_2",
                                "sum(ws_i^2) - 2 * sum(ws_i^3) / sum(ws_i) + "
                                "(sum(ws_i^2) / sum(ws_i))^2",
                                (double)NAN);
        (void)mtp_solution_line(s, "se_t", "sqrt(2 / T_2)", se);
        break;
    case MTP_TAU2_ML:
        mtp_solution_text(s, "Its standard error, from the expected second derivative "
                             "of the likelihood:");
        (void)mtp_solution_line(s, "se_t", "sqrt(2 / sum(ws_i^2))", se);
        break;
    case MTP_TAU2_PM:
    case MTP_TAU2_PMM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
        mtp_solution_text(s, "Its standard error:");
        (void)mtp_solution_line(s, "se_t", "sqrt(2 / df) * k / sum(ws_i)", se);
        break;
    default:
        moment_error(work, set, se);
    }
}

void mtp_explain_likelihood(mtp_explain_work *work, const mtp_explain_set *set)
{
    const mtp_pool_options *options = &work->bundle->pool->options;
    const mtp_fit *fit = &set->pooled->fit;
    bool restricted = fit->loglik_kind && strcmp(fit->loglik_kind, "REML") == 0;
    bool estimated = options->tau2 != MTP_TAU2_EE && options->tau2 != MTP_TAU2_GIVEN;
    mtp_solution *s = work->s;

    if (isnan(fit->loglik) || (options->tau2_scope == MTP_TAU2_COMMON &&
                               set->pooled != &work->bundle->pool->overall)) {
        return; /* the likelihood of a common tau2 is of all subgroups together */
    }
    mtp_solution_heading(s, 3, "Log-likelihood%s", restricted ? ", restricted" : "");
    mtp_solution_table(
        s, 2,
        (const mtp_solution_column[]){{.name = "v_i", .values = set->v},
                                      {.formula = "ln(v_i + tau2)", .total = true}});
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    (void)mtp_solution_line(
        s, "ll",
        restricted ? "-(df * ln(2 * pi) + sum(ln(v_i + tau2)) + sum(ws_i * (y_i - "
                     "m)^2) + ln(sum(ws_i)) - ln(k)) / 2"
                   : "-(k * ln(2 * pi) + sum(ln(v_i + tau2)) + sum(ws_i * (y_i - "
                     "m)^2)) / 2",
        fit->loglik);
    mtp_explain_criteria(work, fit, restricted ? "df" : "k", estimated ? "2" : "1");
    if (fit->n_modes > 1) {
        mtp_solution_text(s,
                          "The likelihood has %zu local maxima; this is the highest.",
                          fit->n_modes);
    }
}
