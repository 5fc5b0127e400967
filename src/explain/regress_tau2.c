/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The residual between-study variance of a regression: by its formula where it has one,
 * else the equation that it solves; and its standard error. Formulas as in
 * tau2/moments.c, with tr P = sum w - sum w^2 h. */
#include "explain/regress.h"

#include <math.h>

enum { COLUMNS = 80 };

void mtp_regress_typical(mtp_explain_regression *m)
{
    (void)mtp_solution_line(m->s, "C", "sum(w_i) - sum(w_i^2 * h_i)", (double)NAN);
    (void)mtp_solution_line(m->s, "v_t", "df / C", m->fit->heterogeneity.vt);
}

void mtp_regress_without(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;
    mtp_explain_solved figures;

    if (!mtp_regress_solved_at(m, 0.0, &figures)) {
        return;
    }
    figures.V = NULL;
    mtp_explain_section(m->work, "Residual heterogeneity");
    mtp_solution_text(
        s, "First the regression with `tau2` 0. The coefficients b solve the equations "
           "A b = B of the sums below; they are solved by elimination, A being the "
           "product of l, the diagonal d and l transposed. `r_i` are the residuals, "
           "`h_i` is x times the inverse of A times x, which is the sum of the squares "
           "of z by d, z being the columns of x made orthogonal by l.");
    mtp_regress_equations(m, "1 / v_i", "w_i", &figures);
    mtp_regress_residuals(m, "1 / v_i", "w_i");
    mtp_solution_given(s, "k", (double)m->set.k);
    mtp_solution_given(s, "p", (double)m->p);
    (void)mtp_solution_line(s, "df", "k - p", h->df);
    (void)mtp_solution_line(s, "Q_E", "sum(w_i * r_i^2)", h->Q);
    (void)mtp_solution_line(s, "p_E", "upper_chi2(Q_E, df)", h->p);
    if (h->Q > 0.0) {
        (void)mtp_solution_line(s, "I2_Q", "100 * max(0, Q_E - df) / Q_E", h->I2_Q);
    }
    mtp_regress_typical(m);
}

/* tr((P E)^2) as T_2, E the diagonal `e` (NULL: ones), P at weights w: sum w^2 e^2 -
 * 2 sum w^3 e^2 h + the squares of F_j_l = sum w^2 e z_j z_l by d_j d_l. */
void mtp_regress_trace_of_square(mtp_explain_regression *m, const char *w,
                                 const char *e)
{
    const char *once = e ? e : "1", *sign = e ? " * " : "";
    const char *by = mtp_regress_format(m->s, "%s%s", sign, e ? once : "");
    const char *by2 = mtp_regress_format(m->s, "%s%s", by, e ? "^2" : "");
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    const char *total;
    size_t n = 0;

    column[n++] = (mtp_solution_column){.name = "v_i", .values = m->set.v};
    n = mtp_regress_known(m, column, n, w);
    n = mtp_regress_known(m, column, n, "h_i");
    for (size_t j = 0; j < m->p; j++) {
        n = mtp_regress_known(m, column, n, mtp_regress_orthogonal_name(s, j));
    }
    n = mtp_regress_total(m, column, n, "%s^2%s", w, by2);
    n = mtp_regress_total(m, column, n, "%s^3%s * h_i", w, by2);
    total =
        mtp_regress_format(s, "sum(%s^2%s) - 2 * sum(%s^3%s * h_i)", w, by2, w, by2);
    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            n = mtp_regress_total(m, column, n, "%s^2%s * %s * %s", w, by,
                                  mtp_regress_orthogonal_name(s, j),
                                  mtp_regress_orthogonal_name(s, l));
        }
    }
    if (s->failed || !by || !by2 || !total) {
        s->failed = true;
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_regress_sum(m, mtp_regress_text(s, "F_#_@", j, l), "%s^2%s * %s * %s",
                            w, by, mtp_regress_orthogonal_name(s, j),
                            mtp_regress_orthogonal_name(s, l));
            total =
                j == l ? mtp_regress_format(s, "%s + (F_%zu_%zu / d_%zu)^2", total,
                                            j + 1, j + 1, j + 1)
                       : mtp_regress_format(s, "%s + 2 * F_%zu_%zu^2 / (d_%zu * d_%zu)",
                                            total, j + 1, l + 1, j + 1, l + 1);
        }
    }
    (void)mtp_solution_line(s, "T_2", total ? total : "0", (double)NAN);
}

/* Of a moment estimate (r'Wr - ...) / c: var(tau2) = 2 tr((P (V + tau2))^2) / c^2. */
static void moment_error(mtp_explain_regression *m, const char *w, const char *by_c)
{
    double se = m->fit->heterogeneity.tau2_se;

    if (isnan(se)) {
        return;
    }
    mtp_solution_text(m->s, "Its standard error, `T_2` being the trace of the square "
                            "of P times the variances `v_i + tau2`:");
    mtp_solution_know(m->s, "tau2", m->fit->heterogeneity.tau2);
    mtp_regress_trace_of_square(m, w, "(v_i + tau2)");
    (void)mtp_solution_linef(m->s, "se_t", se, "sqrt(2 * T_2)%s", by_c);
}

double *mtp_regress_weights_by(mtp_explain_regression *m, const char *formula)
{
    double *a = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);
    const mtp_expr *e = formula ? mtp_expr_parse(m->s->arena, formula) : NULL;

    if (!a || (formula && !e)) {
        m->s->failed = true;
        return NULL;
    }
    mtp_scope_set_column(&m->s->scope, "v_i", m->set.v, NULL);
    for (size_t i = 0; i < m->set.k; i++) {
        a[i] = e ? mtp_expr_value(e, &m->s->scope, i, MTP_EXACT).value : m->weight[i];
    }
    return a;
}

void mtp_regress_solve_weighted(mtp_explain_regression *m, const char *formula)
{
    const double *a = mtp_regress_weights_by(m, formula);
    mtp_explain_solved figures;

    if (a && mtp_regress_solved_by(m, a, &figures)) {
        figures.V = NULL;
        mtp_regress_equations(m, formula, "a_i", &figures);
        mtp_regress_residuals(m, formula, "a_i");
    }
}

/* What is left of the squares at weights a_i, less what sampling makes of them. */
static void generalized(mtp_explain_regression *m, const char *formula,
                        const char *name, double figure)
{
    mtp_regress_solve_weighted(m, formula);
    (void)mtp_solution_line(m->s, "C_a", "sum(a_i) - sum(a_i^2 * h_i)", (double)NAN);
    (void)mtp_solution_line(m->s, name,
                            "max(0, (sum(a_i * r_i^2) - sum(a_i * v_i) + "
                            "sum(a_i^2 * v_i * h_i)) / C_a)",
                            figure);
}

/* The same at equal weights. */
static void hedges(mtp_explain_regression *m, const char *name, double figure)
{
    const double *kept = m->weight;
    double *ones = MTP_ARENA_ARRAY(m->s->arena, m->set.k, double);

    for (size_t i = 0; ones && i < m->set.k; i++) {
        ones[i] = 1.0;
    }
    m->s->failed = m->s->failed || !ones;
    if (ones) {
        mtp_solution_text(m->s, "The regression with equal weights, `a_i` = 1:");
        m->weight = ones;
        generalized(m, NULL, name, figure);
        m->weight = kept;
    }
}

/* A first value, from which the weights of the next step are made. */
static void begin_with(mtp_explain_regression *m, const char *name)
{
    const mtp_quantity *first = mtp_scope_find(&m->s->scope, name);

    if (first) {
        mtp_solution_know(m->s, name, first->figure.value);
    }
}

static void sidik_jonkman(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;
    double mean = 0.0;

    for (size_t i = 0; i < m->set.k; i++) {
        mean += m->set.y[i] / (double)m->set.k;
    }
    mtp_solution_text(s, "From the variance of all effects around their plain mean:");
    mtp_solution_know(s, "m_y", mean);
    mtp_solution_table(s, 2,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = m->set.y, .total = true},
                           {.formula = "(y_i - m_y)^2", .total = true}});
    (void)mtp_solution_line(s, "m_y", "sum(y_i) / k", (double)NAN);
    (void)mtp_solution_line(s, "t_0", "sum((y_i - m_y)^2) / k", (double)NAN);
    begin_with(m, "t_0");
    mtp_regress_solve_weighted(m, "1 / (v_i + t_0)");
    (void)mtp_solution_line(s, "tau2", "t_0 * sum(a_i * r_i^2) / df",
                            m->fit->heterogeneity.tau2);
    moment_error(m, "a_i", " * t_0 / df");
}

/* A first value, then the generalized formula at its weights. */
static void two_steps(mtp_explain_regression *m, bool hedges_first)
{
    if (hedges_first) {
        hedges(m, "t_1", (double)NAN);
    } else {
        (void)mtp_solution_line(m->s, "t_1", "max(0, (Q_E - df) / C)", (double)NAN);
    }
    begin_with(m, "t_1");
    mtp_solution_text(m->s, "The second step, with weights of the first value:");
    generalized(m, "1 / (v_i + t_1)", "tau2", m->fit->heterogeneity.tau2);
    moment_error(m, "a_i", " / C_a");
}

static void median_unbiased(mtp_explain_regression *m)
{
    if (mtp_regress_median_unbiased(m)) {
        return;
    }
    mtp_solution_text(m->s, "There are too many studies for `tau2` to be worked here: "
                            "it is the value at which the generalized Q exceeds its "
                            "observed value with probability 1/2, by the distribution "
                            "of a sum of weighted chi-squares.");
    if (m->weight) {
        mtp_regress_solve_weighted(m, NULL);
        (void)mtp_solution_line(m->s, "C_a", "sum(a_i) - sum(a_i^2 * h_i)",
                                (double)NAN);
    }
    mtp_solution_given(m->s, "tau2", m->fit->heterogeneity.tau2);
    moment_error(m, m->weight ? "a_i" : "w_i", m->weight ? " / C_a" : " / C");
}

/* From Q_E; the constant that its expectation has for tau2 is c. */
static void by_residual_q(mtp_explain_regression *m, const char *formula, const char *c)
{
    (void)mtp_solution_linef(m->s, "tau2", m->fit->heterogeneity.tau2, "max(0, %s)",
                             formula);
    moment_error(m, "w_i", c);
}

/* Before the equations at tau2 when it has a formula; false: it is checked after. */
static bool estimate(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;
    double tau2 = m->fit->heterogeneity.tau2;

    switch (m->fit->options.tau2) {
    case MTP_TAU2_DL:
        by_residual_q(m, "(Q_E - df) / C", " / C");
        return true;
    case MTP_TAU2_HS:
        by_residual_q(m, "(Q_E - k) / sum(w_i)", " / sum(w_i)");
        return true;
    case MTP_TAU2_HSK:
        by_residual_q(m, "(Q_E * k / df - k) / sum(w_i)", " / (sum(w_i) * df / k)");
        return true;
    case MTP_TAU2_HE:
        hedges(m, "tau2", tau2);
        moment_error(m, "a_i", " / C_a");
        return true;
    case MTP_TAU2_SJ:
        sidik_jonkman(m);
        return true;
    case MTP_TAU2_GENQ:
        if (m->weight) {
            generalized(m, NULL, "tau2", tau2);
            moment_error(m, "a_i", " / C_a");
        } else {
            by_residual_q(m, "(Q_E - df) / C", " / C");
        }
        return true;
    case MTP_TAU2_DL2:
        two_steps(m, false);
        return true;
    case MTP_TAU2_CA2:
        two_steps(m, true);
        return true;
    case MTP_TAU2_GENQM:
        median_unbiased(m);
        return true;
    case MTP_TAU2_EE:
        mtp_solution_text(s, "Equal effects: `tau2` is 0 by choice.");
        mtp_solution_given(s, "tau2", 0.0);
        return true;
    case MTP_TAU2_REML:
    case MTP_TAU2_ML:
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
    case MTP_TAU2_PMM:
        mtp_solution_text(s, "`tau2` is found by search; the equation that it solves "
                             "follows below, at the residuals.");
        mtp_solution_given(s, "tau2", tau2);
        return false;
    case MTP_TAU2_GIVEN:
    case MTP_TAU2_COUNT:
        break;
    }
    mtp_solution_text(s, "`tau2` is given.");
    mtp_solution_given(s, "tau2", tau2);
    return true;
}

bool mtp_regress_tau2(mtp_explain_regression *m)
{
    mtp_regress_null(m);
    mtp_regress_without(m);
    mtp_solution_heading(m->s, 3, "Between-study variance: %s",
                         mtp_tau2_label(m->fit->options.tau2));
    return estimate(m);
}

/* Both sides of the estimator's equation. */
static void check_equation(mtp_explain_regression *m, const char *left,
                           const char *right)
{
    mtp_solution *s = m->s;
    double a = mtp_solution_line(s, "L", left, (double)NAN);
    double b = mtp_solution_line(s, "R", right,
                                 m->fit->heterogeneity.tau2 > 0.0 ? a : (double)NAN);

    if (m->fit->heterogeneity.tau2 > 0.0) {
        mtp_solution_text(s, "Both sides agree: `tau2` solves the equation. It is "
                             "found by search, and checked by this.");
    } else if (a <= b) {
        mtp_solution_text(s, "At `tau2` = 0 the left side is not above the right one: "
                             "the solution is 0.");
    }
}

static void likelihood_error(mtp_explain_regression *m)
{
    double se = m->fit->heterogeneity.tau2_se;

    if (isnan(se)) {
        return;
    }
    mtp_solution_text(m->s, "Its standard error by the expected second derivative:");
    if (m->fit->options.tau2 == MTP_TAU2_ML) {
        (void)mtp_solution_line(m->s, "se_t", "sqrt(2 / sum(ws_i^2))", se);
    } else {
        mtp_regress_trace_of_square(m, "ws_i", NULL);
        (void)mtp_solution_line(m->s, "se_t", "sqrt(2 / T_2)", se);
    }
}

void mtp_regress_tau2_verify(mtp_explain_regression *m)
{
    double se = m->fit->heterogeneity.tau2_se;
    bool median = m->fit->options.tau2 == MTP_TAU2_PMM;

    switch (m->fit->options.tau2) {
    case MTP_TAU2_REML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", "sum(ws_i) - sum(ws_i^2 * h_i)");
        likelihood_error(m);
        return;
    case MTP_TAU2_ML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", "sum(ws_i)");
        likelihood_error(m);
        return;
    default:
        check_equation(m, "sum(ws_i * r_i^2)", median ? "chi2(0.5, df)" : "df");
        if (!isnan(se)) {
            (void)mtp_solution_line(m->s, "se_t", "sqrt(2 / df) * k / sum(ws_i)", se);
        }
    }
}
