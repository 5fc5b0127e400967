/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the residual between-study variance of a regression. */
#include "core/number.h"
#include "explain/equations.h"
#include "explain/regress.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

/* 1 - (Q_E / df) / (Q_0 / (k - 1)) without tau2: Q_0 around one mean. */
static void explained_of_squares(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;
    double top = 0.0, bottom = 0.0;

    for (size_t i = 0; i < m->set.k; i++) {
        top += m->set.y[i] / m->set.v[i];
        bottom += 1.0 / m->set.v[i];
    }
    mtp_solution_text(s, "The same studies around one mean, without moderators:");
    mtp_solution_know(s, "m", top / bottom);
    mtp_solution_table(s, 5,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = m->set.y},
                           {.name = "v_i", .values = m->set.v},
                           {.name = "w_i", .formula = "1 / v_i", .total = true},
                           {.formula = "w_i * y_i", .total = true},
                           {.formula = "w_i * (y_i - m)^2", .total = true}});
    (void)mtp_solution_line(s, "m", "sum(w_i * y_i) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "Q_0", "sum(w_i * (y_i - m)^2)", (double)NAN);
    (void)mtp_solution_line(s, "R2", "100 * max(0, 1 - (Q_E / df) / (Q_0 / (k - 1)))",
                            m->fit->R2);
}

void mtp_regress_explained(mtp_explain_regression *m)
{
    if (isnan(m->fit->R2)) {
        return;
    }
    if (isnan(m->fit->null_tau2)) {
        explained_of_squares(m);
        return;
    }
    if (!mtp_scope_find(&m->s->scope, "tau2_0")) {
        mtp_solution_text(m->s, "`tau2_0` is that of the same studies without "
                                "moderators (explain without --mods works it).");
        mtp_solution_given(m->s, "tau2_0", m->fit->null_tau2);
    }
    mtp_solution_know(m->s, "tau2_0", m->fit->null_tau2);
    (void)mtp_solution_line(m->s, "R2", "100 * max(0, (tau2_0 - tau2) / tau2_0)",
                            m->fit->R2);
}

void mtp_regress_null(mtp_explain_regression *m)
{
    mtp_explain_set set = m->set;

    if (isnan(m->fit->R2) || isnan(m->fit->null_tau2)) {
        return;
    }
    mtp_explain_section(m->work, "Without moderators");
    mtp_solution_text(m->s,
                      "`tau2_0` is the between-study variance of the same studies "
                      "around one mean, by the same estimator (%s). R2 will tell how "
                      "much of it the moderators explain.",
                      mtp_tau2_label(m->fit->options.tau2));
    set.weight = m->weight;
    mtp_explain_null_tau2(m->work, &set, m->fit->options.tau2, m->fit->null_tau2);
}

void mtp_regress_heterogeneity(mtp_explain_regression *m)
{
    const mtp_heterogeneity *h = &m->fit->heterogeneity;
    mtp_solution *s = m->s;

    (void)mtp_solution_line(s, "tau", "sqrt(tau2)", h->tau);
    (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
    (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    mtp_regress_explained(m);
    if (h->ci.status == MTP_SET_OK && !mtp_scope_find(&s->scope, "tau2_lower")) {
        mtp_solution_heading(
            s, 3, "Interval of tau2: %s",
            mtp_tau2_ci_label((mtp_tau2_ci_method)mtp_tau2_ci_from_id(h->ci.method)));
        mtp_explain_tau2_limits(m->work, h);
    }
}

/* The regression with tau2 at a limit of that name, weights u; false: failed. */
static bool work_at(mtp_explain_regression *m, const char *name, double limit)
{
    const char *weight = mtp_regress_format(m->s, "1 / (v_i + %s)", name);
    mtp_explain_solved figures;

    if (!weight || !mtp_regress_solved_at(m, limit, &figures)) {
        m->s->failed = true;
        return false;
    }
    figures.V = NULL;
    mtp_solution_given(m->s, name, limit);
    mtp_solution_know(m->s, name, limit);
    mtp_regress_equations(m, weight, "u_i", &figures);
    mtp_regress_residuals(m, weight, "u_i");
    return !m->s->failed;
}

/* Q at a limit of tau2 against its quantile. */
static void profile_limit(mtp_explain_regression *m, const char *name, double limit,
                          double probability)
{
    double quantile = mtp_chisq_lower_quantile(probability, m->fit->heterogeneity.df);

    if (work_at(m, name, limit)) {
        mtp_explain_profile_sides(m->work, "sum(u_i * r_i^2)", limit, quantile,
                                  probability);
    }
}

/* ln det X'X by elimination, the columns with equal weights. */
static void determinant_of_columns(mtp_explain_regression *m, const char *logs)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    size_t n = 0;

    for (size_t j = 0; j < m->p; j++) {
        column[n++] = (mtp_solution_column){.name = m->x_name[j], .values = m->x[j]};
    }
    for (size_t j = 1; j <= m->p; j++) {
        for (size_t i = j; i <= m->p; i++) {
            n = mtp_regress_total(m, column, n, "x_%zu_i * x_%zu_i", j, i);
        }
    }
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < m->p; j++) {
        for (size_t i = j; i < m->p; i++) {
            mtp_regress_sum(m, mtp_regress_text(s, "A_#_@", i, j), "x_%zu_i * x_%zu_i",
                            j + 1, i + 1);
        }
    }
    mtp_equations_factor(s, "A", m->p);
    (void)mtp_solution_line(s, "D_0", logs, (double)NAN);
}

void mtp_regress_determinants(mtp_explain_regression *m)
{
    const char *logs = "ln(d_1)";
    mtp_solution *s = m->s;

    for (size_t j = 2; logs && j <= m->p; j++) {
        logs = mtp_regress_format(s, "%s + ln(d_%zu)", logs, j);
    }
    if (!logs) {
        s->failed = true;
        return;
    }
    mtp_solution_text(s, "`D_A` is the logarithm of the determinant of A, `D_0` "
                         "that of A at equal weights:");
    (void)mtp_solution_line(s, "D_A", logs, (double)NAN);
    determinant_of_columns(m, logs);
}

/* The log-likelihood at a tau2 of that name, called ll_ and what follows "tau2_", with
 * the coefficients that are best there. */
static const char *likelihood_at(mtp_explain_regression *m, const char *name,
                                 double tau2, bool highest)
{
    bool restricted = m->fit->options.tau2 != MTP_TAU2_ML;
    mtp_solution *s = m->s;
    const char *ll = mtp_regress_format(s, "ll%s", strchr(name, '_'));
    mtp_solution_column column[2] = {{.name = "v_i", .values = m->set.v}};

    if (mtp_regress_total(m, column, 1, "ln(v_i + %s)", name) != 2 || s->failed ||
        !work_at(m, name, tau2)) {
        s->failed = true;
        return "0";
    }
    if (highest) {
        mtp_explain_both_sides(s, name, tau2, "sum(u_i^2 * r_i^2)",
                               restricted ? "sum(u_i) - sum(u_i^2 * h_i)" : "sum(u_i)");
    }
    mtp_solution_table(s, 2, column);
    if (restricted) {
        mtp_regress_determinants(m);
    }
    (void)mtp_solution_linef(s, ll, (double)NAN,
                             restricted ? "-(df * ln(2 * pi) + sum(ln(v_i + %s)) + "
                                          "sum(u_i * r_i^2) + D_A - D_0) / 2"
                                        : "-(k * ln(2 * pi) + sum(ln(v_i + %s)) + "
                                          "sum(u_i * r_i^2)) / 2",
                             name);
    return ll;
}

/* Where the likelihood is highest. */
static const char *highest_likelihood(mtp_explain_regression *m)
{
    bool restricted = m->fit->options.tau2 != MTP_TAU2_ML;
    mtp_solution *s = m->s;
    double tau2;

    if (mtp_explain_is_highest(&m->fit->fit, m->fit->options.tau2)) {
        mtp_solution_text(s, "`ll` is its maximum, which is worked with the "
                             "coefficients below.");
        mtp_solution_given(s, "ll", m->fit->fit.loglik);
        mtp_solution_know(s, "ll", m->fit->fit.loglik);
        return "ll";
    }
    if (!mtp_regress_tau2_by(m, restricted ? MTP_TAU2_REML : MTP_TAU2_ML, &tau2)) {
        return "0";
    }
    mtp_solution_text(s, restricted ? MTP_EXPLAIN_HIGHEST("restricted ", "REML")
                                    : MTP_EXPLAIN_HIGHEST("", "ML"));
    return likelihood_at(m, "tau2_m", tau2, true);
}

static void likelihood_profile(mtp_explain_regression *m, const mtp_tau2_interval *ci)
{
    static const char *const name[] = {"tau2_lower", "tau2_upper"};
    mtp_solution *s = m->s;
    const char *top;

    mtp_solution_heading(s, 3, "Interval of tau2: %s",
                         mtp_tau2_ci_label(MTP_TAU2_CI_PL));
    mtp_solution_text(s, MTP_EXPLAIN_PROFILE("coefficients"));
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    top = highest_likelihood(m);
    for (int i = 0; i < 2 && !s->failed; i++) {
        const char *at = likelihood_at(m, name[i], ci->tau2[i], false);

        mtp_explain_likelihood_sides(m->work, top, at, ci->tau2[i]);
    }
    mtp_explain_tau2_limits(m->work, &m->fit->heterogeneity);
}

void mtp_regress_profile(mtp_explain_regression *m)
{
    const mtp_tau2_interval *ci = &m->fit->heterogeneity.ci;
    double tail = mtp_tail_of_level(m->work->bundle->level);
    bool chosen = ci->method && strcmp(ci->method, "qp") == 0;

    if (mtp_explain_has_profile(ci)) {
        likelihood_profile(m, ci);
        return;
    }
    if (ci->method && ci->status == MTP_SET_OK &&
        (strcmp(ci->method, "j") == 0 || strcmp(ci->method, "bj") == 0)) {
        if (mtp_regress_generalized_limits(m, ci)) {
            mtp_explain_tau2_limits(m->work, &m->fit->heterogeneity);
        }
        return;
    }
    if (!chosen || ci->status == MTP_SET_UNDEFINED) {
        return;
    }
    mtp_solution_heading(m->s, 3, "Interval of tau2: %s",
                         mtp_tau2_ci_label(MTP_TAU2_CI_QP));
    if (ci->status == MTP_SET_EMPTY) {
        mtp_solution_text(m->s, "`Q_E` is below the lower quantile of chi-square: no "
                                "`tau2` agrees with the data, the interval is empty.");
        (void)mtp_solution_linef(m->s, "R", (double)NAN, "chi2(%s, df)",
                                 mtp_number_brief(tail, 15).text);
        return;
    }
    mtp_solution_text(m->s, "The limits are the values of `tau2` at which Q of the "
                            "regression, with weights made of them, equals quantiles "
                            "of chi-square.");
    profile_limit(m, "tau2_lower", ci->tau2[0], 1.0 - tail);
    profile_limit(m, "tau2_upper", ci->tau2[1], tail);
    mtp_explain_tau2_limits(m->work, &m->fit->heterogeneity);
}

void mtp_regress_likelihood(mtp_explain_regression *m)
{
    const mtp_fit *fit = &m->fit->fit;
    bool restricted = fit->loglik_kind && strcmp(fit->loglik_kind, "REML") == 0;
    bool estimated =
        m->fit->options.tau2 != MTP_TAU2_EE && m->fit->options.tau2 != MTP_TAU2_GIVEN;
    mtp_solution_column column[4];
    mtp_solution *s = m->s;
    size_t n = 0;

    if (isnan(fit->loglik)) {
        return;
    }
    mtp_solution_heading(s, 3, "Log-likelihood%s", restricted ? ", restricted" : "");
    column[n++] = (mtp_solution_column){.name = "v_i", .values = m->set.v};
    n = mtp_regress_total(m, column, n, "ln(v_i + tau2)");
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    mtp_solution_given(s, "pi", 3.14159265358979323846);
    if (restricted) {
        mtp_regress_determinants(m);
        (void)mtp_solution_line(s, "ll",
                                "-(df * ln(2 * pi) + sum(ln(v_i + tau2)) + sum(ws_i * "
                                "r_i^2) + D_A - D_0) / 2",
                                fit->loglik);
    } else {
        (void)mtp_solution_line(
            s, "ll", "-(k * ln(2 * pi) + sum(ln(v_i + tau2)) + sum(ws_i * r_i^2)) / 2",
            fit->loglik);
    }
    mtp_explain_criteria(m->work, fit, restricted ? "df" : "k",
                         estimated ? "p + 1" : "p");
    if (fit->n_modes > 1) {
        mtp_solution_text(s,
                          "The likelihood has %zu local maxima; this is the highest.",
                          fit->n_modes);
    }
}
