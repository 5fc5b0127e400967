/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generalized Q of a mean, and the values of tau2 at which its distribution has a
 * given probability below the observed value: the median-unbiased estimate and two
 * intervals. Formulas as in tau2/generalized_q.c. */
#include "core/number.h"
#include "explain/chi_squares.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* A quadratic form of the studies of a set. */
typedef struct quadratic {
    mtp_explain_work *work;
    const mtp_explain_set *set;
    const char *weight; /* its formula; NULL: the given ones */
    const double *a;    /* [k] */
    double Q;
} quadratic;

/* Weights and the observed value. */
static bool form_of(mtp_explain_work *work, const mtp_explain_set *set,
                    const char *weight, quadratic *made)
{
    mtp_solution *s = work->s;
    const mtp_expr *e = weight ? mtp_expr_parse(s->arena, weight) : NULL;
    double *a = MTP_ARENA_ARRAY(s->arena, set->k, double);
    double top = 0.0, bottom = 0.0;

    *made = (quadratic){work, set, weight, a, 0.0};
    if (!a || (weight && !e)) {
        s->failed = true;
        return false;
    }
    mtp_scope_set_column(&s->scope, "v_i", set->v, NULL);
    for (size_t i = 0; i < set->k; i++) {
        a[i] = e ? mtp_expr_value(e, &s->scope, i, MTP_EXACT).value : set->weight[i];
        top += a[i] * set->y[i];
        bottom += a[i];
    }
    for (size_t i = 0; i < set->k; i++) {
        double away = set->y[i] - top / bottom;

        made->Q += a[i] * away * away;
    }
    return true;
}

static bool law_at(const quadratic *form, double tau2, mtp_explain_law *law)
{
    mtp_solution *s = form->work->s;
    size_t k = form->set->k;
    double *sum = MTP_ARENA_ARRAY(s->arena, k, double);

    if (!sum) {
        s->failed = true;
        return false;
    }
    for (size_t i = 0; i < k; i++) {
        sum[i] = form->set->v[i] + tau2;
    }
    return mtp_explain_law_of(s, &(mtp_explain_form){k, 1, NULL, form->a, sum, form->Q},
                              law);
}

static void observed(const quadratic *form)
{
    mtp_solution *s = form->work->s;
    const mtp_explain_set *set = form->set;
    double top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        top += form->a[i] * set->y[i];
        bottom += form->a[i];
    }
    mtp_solution_know(s, "m_a", top / bottom);
    mtp_solution_table(s, 6,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = set->y},
                           {.name = "v_i", .values = set->v},
                           {.name = "a_i",
                            .formula = form->weight,
                            .values = form->weight ? NULL : set->weight,
                            .total = true},
                           {.formula = "a_i * y_i", .total = true},
                           {.formula = "a_i^2", .total = true},
                           {.formula = "a_i * (y_i - m_a)^2", .total = true}});
    (void)mtp_solution_line(s, "m_a", "sum(a_i * y_i) / sum(a_i)", (double)NAN);
    (void)mtp_solution_line(s, "Q_a", "sum(a_i * (y_i - m_a)^2)", (double)NAN);
}

/* Where all d are equal, so are the eigenvalues; else the first that is no d itself. */
static bool clear_eigenvalue(const quadratic *form, double tau2,
                             const mtp_explain_law *law, size_t *which)
{
    for (size_t j = 0; j < law->n; j++) {
        bool clear = true;

        for (size_t i = 0; i < form->set->k && clear; i++) {
            double d = form->a[i] * (form->set->v[i] + tau2);

            clear = fabs(d - law->lambda[j]) > 1e-6 * law->lambda[0];
        }
        if (clear) {
            *which = j;
            return true;
        }
    }
    return false;
}

/* Both sides of the equation of an eigenvalue. */
static void equation_of(const quadratic *form, double tau2, const mtp_explain_law *law)
{
    mtp_solution *s = form->work->s;
    const mtp_quantity *d = mtp_scope_find(&s->scope, "d_i");
    const mtp_quantity *a = mtp_scope_find(&s->scope, "a_i");
    size_t j;

    if (!clear_eigenvalue(form, tau2, law, &j) || !d || !a) {
        return;
    }
    mtp_solution_text(s,
                      "Every eigenvalue that is not one of the `d_i` makes the sum "
                      "of `a_i` / (`d_i` - `lambda`) zero. For number %zu:",
                      j + 1);
    mtp_solution_given(s, "lambda", law->lambda[j]);
    mtp_solution_know(s, "lambda", law->lambda[j]);
    mtp_solution_table(s, 3,
                       (const mtp_solution_column[]){
                           {.name = "a_i", .values = a->column, .error = a->error},
                           {.name = "d_i", .values = d->column, .error = d->error},
                           {.formula = "a_i / (d_i - lambda)", .total = true}});
}

/* The traces at a tau2 of that name, the eigenvalues, and the probability below the
 * observed value. */
static void work_at(const quadratic *form, const char *name, double tau2,
                    const mtp_explain_law *law, double wanted)
{
    mtp_solution *s = form->work->s;
    const char *d = mtp_arena_printf(s->arena, "a_i * (v_i + %s)", name);
    const mtp_quantity *a = mtp_scope_find(&s->scope, "a_i");

    if (!d || !a) {
        s->failed = true;
        return;
    }
    mtp_solution_know(s, name, tau2);
    mtp_solution_table(
        s, 6,
        (const mtp_solution_column[]){
            {.name = "v_i", .values = form->set->v},
            {.name = "a_i", .values = a->column, .error = a->error, .total = true},
            {.name = "d_i", .formula = d, .total = true},
            {.formula = "d_i^2", .total = true},
            {.formula = "a_i * d_i", .total = true},
            {.formula = "a_i * d_i^2", .total = true}});
    (void)mtp_solution_line(s, "T_1", "sum(d_i) - sum(a_i * d_i) / sum(a_i)",
                            (double)NAN);
    (void)mtp_solution_line(s, "T_2",
                            "sum(d_i^2) - 2 * sum(a_i * d_i^2) / sum(a_i) + (sum(a_i * "
                            "d_i) / sum(a_i))^2",
                            (double)NAN);
    equation_of(form, tau2, law);
    mtp_explain_law_show(form->work, law);
    mtp_explain_law_sides(form->work, law, tau2, wanted);
}

bool mtp_explain_median_unbiased(mtp_explain_work *work, const mtp_explain_set *set,
                                 const char *name, double tau2, double se)
{
    mtp_solution *s = work->s;
    mtp_explain_law law;
    quadratic form;

    if (!form_of(work, set, set->weight ? NULL : "1 / v_i", &form) ||
        !law_at(&form, tau2, &law)) {
        return false;
    }
    mtp_solution_text(s,
                      "`%s` is the value at which the generalized Q, of weights `a_i`, "
                      "is below its observed value with probability 1/2.",
                      name);
    mtp_explain_law_introduce(s);
    observed(&form);
    mtp_solution_given(s, name, tau2);
    work_at(&form, name, tau2, &law, 0.5);
    if (!isnan(se)) {
        mtp_solution_text(s, "Its standard error:");
        (void)mtp_solution_line(
            s, "se_t", "sqrt(2 * T_2) / (sum(a_i) - sum(a_i^2) / sum(a_i))", se);
    }
    return true;
}

bool mtp_explain_generalized_limits(mtp_explain_work *work, const mtp_explain_set *set,
                                    const mtp_tau2_interval *ci)
{
    static const char *const name[] = {"tau2_lower", "tau2_upper"};
    double tail = mtp_tail_of_level(work->bundle->level);
    const double below[] = {1.0 - tail, tail};
    const char *weight = strcmp(ci->method, "j") == 0 ? "1 / sqrt(v_i)" : "1 / v_i";
    mtp_solution *s = work->s;
    mtp_explain_law law[2];
    quadratic form;

    if (!form_of(work, set, weight, &form) || !law_at(&form, ci->tau2[0], &law[0]) ||
        !law_at(&form, ci->tau2[1], &law[1])) {
        return false;
    }
    mtp_solution_text(s, "The limits are the values of `tau2` at which the generalized "
                         "Q, of weights `a_i`, is below its observed value with the "
                         "probabilities that the level leaves.");
    mtp_explain_law_introduce(s);
    observed(&form);
    for (int i = 0; i < 2 && !s->failed; i++) {
        mtp_solution_given(s, name[i], ci->tau2[i]);
        work_at(&form, name[i], ci->tau2[i], &law[i], below[i]);
    }
    return !s->failed;
}
