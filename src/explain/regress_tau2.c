/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The residual between-study variance of a regression. */
#include "explain/regress.h"

#include <math.h>

/* tr P = sum w - sum over all j, l of V_jl (sum w^2 x_j x_l). */
static const char *trace(mtp_explain_regression *m, const char *w)
{
    mtp_solution *s = m->s;
    const char *text = mtp_arena_printf(s->arena, "sum(%s)", w);

    for (size_t j = 0; text && j < m->p; j++) {
        for (size_t i = j; text && i < m->p; i++) {
            text = mtp_arena_printf(
                s->arena, "%s - %sV_%zu_%zu * sum(%s^2 * x_%zu_i * x_%zu_i)", text,
                i > j ? "2 * " : "", i + 1, j + 1, w, i + 1, j + 1);
        }
    }
    s->failed = s->failed || !text;
    return text;
}

static void without_heterogeneity(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;
    mtp_explain_solved figures;

    if (!mtp_regress_solved_at(m, 0.0, &figures)) {
        return;
    }

    mtp_explain_section(m->work, "Residual heterogeneity");
    mtp_solution_text(s, "First the regression with `tau2` 0. The coefficients b solve "
                         "the equations A b = B of the sums below; they are solved by "
                         "elimination, A being the product of l, the diagonal d and l "
                         "transposed. V is the inverse of A.");
    mtp_regress_equations(m, "1 / v_i", "w_i", &figures);
    mtp_regress_residuals(m, "1 / v_i", "w_i");
    mtp_solution_given(s, "k", (double)m->set.k);
    mtp_solution_given(s, "p", (double)m->p);
    (void)mtp_solution_line(s, "df", "k - p", h->df);
    (void)mtp_solution_line(s, "Q_E", "sum(w_i * r_i^2)", h->Q);
    (void)mtp_solution_line(s, "p_E", "upper_chi2(Q_E, df)", h->p);
    (void)mtp_solution_line(s, "C", trace(m, "w_i"), (double)NAN);
    (void)mtp_solution_line(s, "v_t", "df / C", h->vt);
}

/* Both sides of the estimator's equation. */
static void check_equation(mtp_explain_regression *m, const char *left,
                           const char *right)
{
    mtp_solution *s = m->s;
    double a = mtp_solution_line(s, "L", left, (double)NAN);
    double b = mtp_solution_line(s, "R", right,
                                 m->fit->heterogeneity.tau2 > 0.0 ? a : (double)NAN);

    mtp_solution_text(s, m->fit->heterogeneity.tau2 > 0.0
                             ? "Both sides agree: `tau2` solves the equation. It is "
                               "found by search, and checked by this."
                         : a <= b
                             ? "At `tau2` = 0 the left side is not above the right "
                               "one: the solution is 0."
                             : "");
}

/* Before the equations at tau2 when it has a formula; false: it is checked after. */
static bool estimate(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;
    double tau2 = m->fit->heterogeneity.tau2;

    switch (m->fit->options.tau2) {
    case MTP_TAU2_DL:
        (void)mtp_solution_line(s, "tau2", "max(0, (Q_E - df) / C)", tau2);
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
    default:
        mtp_solution_text(s, "`tau2` (%s) is not worked for regressions.",
                          mtp_tau2_label(m->fit->options.tau2));
        mtp_solution_given(s, "tau2", tau2);
        return true;
    }
}

bool mtp_regress_tau2(mtp_explain_regression *m)
{
    without_heterogeneity(m);
    return estimate(m);
}

void mtp_regress_tau2_verify(mtp_explain_regression *m)
{
    switch (m->fit->options.tau2) {
    case MTP_TAU2_REML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", trace(m, "ws_i"));
        break;
    case MTP_TAU2_ML:
        check_equation(m, "sum(ws_i^2 * r_i^2)", "sum(ws_i)");
        break;
    case MTP_TAU2_PMM:
        check_equation(m, "sum(ws_i * r_i^2)", "chi2(0.5, df)");
        break;
    default:
        check_equation(m, "sum(ws_i * r_i^2)", "df");
        break;
    }
}

void mtp_regress_heterogeneity(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;

    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    if (!isnan(m->fit->R2) && !isnan(m->fit->null_tau2)) {
        mtp_solution_text(s,
                          "`tau2_0` is that of the same studies without moderators.");
        mtp_solution_given(s, "tau2_0", m->fit->null_tau2);
        (void)mtp_solution_line(s, "R2", "100 * max(0, (tau2_0 - tau2) / tau2_0)",
                                m->fit->R2);
    }
}
