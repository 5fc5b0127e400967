/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generalized Q of a regression, and the values of tau2 at which its distribution
 * has a given probability below the observed value. Formulas as in
 * tau2/generalized_q.c. */
#include "explain/chi_squares.h"
#include "explain/regress.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 4 };

/* Weights by a formula (NULL: the given ones), and the observed value. */
static bool form_of(mtp_explain_regression *m, const char *weight,
                    mtp_explain_form *form)
{
    double *a = mtp_regress_weights_by(m, weight);
    mtp_explain_solved figures;

    if (!a || !mtp_regress_solved_by(m, a, &figures)) {
        return false;
    }
    *form =
        (mtp_explain_form){m->set.k, m->p, (const double *const *)m->x, a, NULL, 0.0};
    for (size_t i = 0; i < m->set.k; i++) {
        double residual = m->set.y[i];

        for (size_t j = 0; j < m->p; j++) {
            residual -= figures.b[j] * m->x[j][i];
        }
        form->observed += a[i] * residual * residual;
    }
    return true;
}

static bool law_at(mtp_explain_regression *m, mtp_explain_form form, double tau2,
                   mtp_explain_law *law)
{
    double *sum = MTP_ARENA_ARRAY(m->s->arena, form.k, double);

    if (!sum) {
        m->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < form.k; i++) {
        sum[i] = m->set.v[i] + tau2;
    }
    form.s = sum;
    return mtp_explain_law_of(m->s, &form, law);
}

/* The regression at the weights, and what is left of the squares. */
static void observed(mtp_explain_regression *m, const char *weight)
{
    mtp_explain_law_introduce(m->s);
    mtp_regress_solve_weighted(m, weight);
    (void)mtp_solution_line(m->s, "Q_a", "sum(a_i * r_i^2)", (double)NAN);
}

/* The traces at a tau2 of that name, the eigenvalues, and the probability below the
 * observed value. */
static void work_at(mtp_explain_regression *m, const char *name, double tau2,
                    const mtp_explain_law *law, double wanted)
{
    mtp_solution *s = m->s;
    const char *sum = mtp_regress_format(s, "(v_i + %s)", name);
    mtp_solution_column column[COLUMNS + 1];
    size_t n = 0;

    mtp_solution_know(s, name, tau2);
    column[n++] = (mtp_solution_column){.name = "v_i", .values = m->set.v};
    n = mtp_regress_known(m, column, n, "a_i");
    n = mtp_regress_known(m, column, n, "h_i");
    n = mtp_regress_total(m, column, n, "a_i * %s", sum);
    n = mtp_regress_total(m, column, n, "a_i^2 * %s * h_i", sum);
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    (void)mtp_solution_linef(s, "T_1", (double)NAN,
                             "sum(a_i * %s) - sum(a_i^2 * %s * h_i)", sum, sum);
    mtp_regress_trace_of_square(m, "a_i", sum);
    mtp_explain_law_show(m->work, law);
    mtp_explain_law_sides(m->work, law, tau2, wanted);
}

bool mtp_regress_median_unbiased(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    const char *weight = m->weight ? NULL : "1 / v_i";
    mtp_solution *s = m->s;
    mtp_explain_form form;
    mtp_explain_law law;

    if (!form_of(m, weight, &form) || !law_at(m, form, h->tau2, &law)) {
        return false;
    }
    mtp_solution_text(s, "`tau2` is the value at which the generalized Q of the "
                         "regression with weights `a_i` is below its observed value "
                         "with probability 1/2.");
    observed(m, weight);
    mtp_solution_given(s, "tau2", h->tau2);
    work_at(m, "tau2", h->tau2, &law, 0.5);
    if (!isnan(h->tau2_se)) {
        (void)mtp_solution_line(s, "C_a", "sum(a_i) - sum(a_i^2 * h_i)", (double)NAN);
        mtp_solution_text(s, "Its standard error:");
        (void)mtp_solution_line(s, "se_t", "sqrt(2 * T_2) / C_a", h->tau2_se);
    }
    return true;
}

bool mtp_regress_generalized_limits(mtp_explain_regression *m,
                                    const mtp_tau2_interval *ci)
{
    static const char *const name[] = {"tau2_lower", "tau2_upper"};
    double tail = mtp_tail_of_level(m->work->bundle->level);
    const double below[] = {1.0 - tail, tail};
    const char *weight = strcmp(ci->method, "j") == 0 ? "1 / sqrt(v_i)" : "1 / v_i";
    mtp_solution *s = m->s;
    mtp_explain_form form;
    mtp_explain_law law[2];

    if (!form_of(m, weight, &form) || !law_at(m, form, ci->tau2[0], &law[0]) ||
        !law_at(m, form, ci->tau2[1], &law[1])) {
        return false;
    }
    mtp_solution_heading(
        s, 3, "Interval of tau2: %s",
        mtp_tau2_ci_label((mtp_tau2_ci_method)mtp_tau2_ci_from_id(ci->method)));
    mtp_solution_text(s, "The limits are the values of `tau2` at which the generalized "
                         "Q of the regression with weights `a_i` is below its observed "
                         "value with the probabilities that the level leaves.");
    observed(m, weight);
    for (int i = 0; i < 2 && !s->failed; i++) {
        mtp_solution_given(s, name[i], ci->tau2[i]);
        work_at(m, name[i], ci->tau2[i], &law[i], below[i]);
    }
    return !s->failed;
}
