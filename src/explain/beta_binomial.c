/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beta-binomial model: proportions of the studies from a beta distribution. */
#include "explain/mixed.h"

#include <math.h>
#include <string.h>

#define ELL                                                                            \
    "lnfact(n_i) - lnfact(x_i) - lnfact(n_i - x_i) + sumln(a, x_i) + "                 \
    "sumln(b, n_i - x_i) - sumln(a + b, n_i)"

/* A study by itself: its sums, what they make of its log-likelihood and slopes. */
static void work_study(const mtp_mixed *m, size_t i)
{
    static const mtp_law_line line[] = {
        {"lc", "lnfact(n) - lnfact(x) - lnfact(n - x)"},
        {"S_a", "sumln(a, x)"},
        {"S_b", "sumln(b, n - x)"},
        {"S_ab", "sumln(a + b, n)"},
        {"ell", "lc + S_a + S_b - S_ab"},
        {"g", "suminv(a, x) - suminv(a + b, n)"},
        {"h", "suminv(b, n - x) - suminv(a + b, n)"},
    };
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;

    mtp_solution_heading(s, 3, "%s", m->label[i]);
    for (size_t d = 0; d < m->counts; d++) {
        mtp_solution_given(s, m->name[d], m->datum[d][i]);
        mtp_solution_know(s, m->name[d], m->datum[d][i]);
    }
    for (size_t l = 0; l < sizeof line / sizeof *line; l++) {
        (void)mtp_solution_line(s, line[l].name, line[l].formula, (double)NAN);
    }
    s->scope.n = mark;
}

static void work_likelihood(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    mtp_solution_text(
        s,
        "`mu`, the logit of the studies' mean proportion `pi_m`, and `rho` are found "
        "by "
        "search. The proportions follow a beta distribution with the parameters a and "
        "b, so that a study's likelihood is a product over its patients; "
        "`sumln(c, m)` is ln(c) + ln(c + 1) + ..., m terms, `suminv(c, m)` is "
        "1/c + 1/(c + 1) + ..., and `suminv2(c, m)` the same of squares. g and h are "
        "the derivatives of the log-likelihood `ell` in a and b.");
    (void)mtp_solution_line(s, "pi_m", "1 / (1 + exp(-mu))", (double)NAN);
    (void)mtp_solution_line(s, "a", "pi_m * (1 - rho) / rho", (double)NAN);
    (void)mtp_solution_line(s, "b", "(1 - pi_m) * (1 - rho) / rho", (double)NAN);
    for (size_t i = 0; i < m->k; i++) {
        if (mtp_mixed_is_worked(m, i)) {
            work_study(m, i);
        }
    }
    mtp_solution_heading(s, 3, "All studies");
    column[n++] = (mtp_solution_column){.name = "ell_i", .formula = ELL, .total = true};
    column[n++] = (mtp_solution_column){
        .name = "g_i", .formula = "suminv(a, x_i) - suminv(a + b, n_i)", .total = true};
    column[n++] =
        (mtp_solution_column){.name = "h_i",
                              .formula = "suminv(b, n_i - x_i) - suminv(a + b, n_i)",
                              .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "ll", "sum(ell_i)", m->set->pooled->fit.loglik);
}

/* The slopes are 0 but for rounding; if not, that is said. */
static void check_slopes(const mtp_mixed *m)
{
    static const char *const slope[] = {"g_i", "h_i"};
    bool flat = true;

    for (size_t j = 0; j < 2; j++) {
        const mtp_quantity *q = mtp_scope_find(&m->s->scope, slope[j]);

        flat = q && mtp_mixed_is_zero(m, slope[j], q->column, NULL) && flat;
    }
    if (flat) {
        mtp_solution_text(m->s, "The derivatives of the log-likelihood are 0: no other "
                                "`mu` and `rho` nearby are more likely.");
    }
}

static void second_derivatives(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    const mtp_fit *fit = &m->set->pooled->fit;
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    mtp_solution_heading(s, 3, "Standard errors");
    mtp_solution_text(
        s,
        "A, B and C are the second derivatives of the log-likelihood in a, in a and "
        "b, and in b; the inverse of their matrix, less its sign, has the variances "
        "and the covariance of a and b. `mu` is ln(a / b) and `rho` 1 / (a + b + 1): "
        "their derivatives in a and b are multiplied on both sides.");
    column[n++] = (mtp_solution_column){
        .name = "A_i", .formula = "suminv2(a, x_i)", .total = true};
    column[n++] = (mtp_solution_column){
        .name = "C_i", .formula = "suminv2(b, n_i - x_i)", .total = true};
    column[n++] = (mtp_solution_column){
        .name = "B_i", .formula = "suminv2(a + b, n_i)", .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "A", "sum(B_i) - sum(A_i)", (double)NAN);
    (void)mtp_solution_line(s, "B", "sum(B_i)", (double)NAN);
    (void)mtp_solution_line(s, "C", "sum(B_i) - sum(C_i)", (double)NAN);
    (void)mtp_solution_line(s, "d", "A * C - B^2", (double)NAN);
    (void)mtp_solution_line(s, "se", "sqrt(-(C / a^2 + 2 * B / (a * b) + A / b^2) / d)",
                            m->set->pooled->random.intervals[0].se);
    (void)mtp_solution_line(s, "se_rho", "rho^2 * sqrt((2 * B - A - C) / d)",
                            fit->rho_se);
}

static void test_rho(const mtp_mixed *m)
{
    const mtp_fit *fit = &m->set->pooled->fit;
    mtp_solution *s = m->s;

    mtp_solution_heading(s, 3, "Test of `rho` = 0");
    mtp_solution_text(s, "Twice the log-likelihood above that of the common effect; "
                         "half the probability of chi-square, since `rho` cannot be "
                         "below 0.");
    mtp_mixed_gain(s, "X2_rho", "2 * (ll - ll_c)", fit->rho_statistic);
    (void)mtp_solution_line(s, "p_rho", "upper_chi2(X2_rho, 1) / 2", fit->rho_p);
}

/* rho = 0: the binomial model, and Tarone's score. */
static void at_zero(const mtp_mixed *m)
{
    mtp_solution_column column[MTP_MIXED_DATA + 1];
    mtp_solution *s = m->s;
    size_t n = mtp_mixed_columns(m, column);

    mtp_solution_text(s, "`rho` is 0, and the estimate the common effect: the "
                         "likelihood falls from there, for L, whose expectation is R "
                         "without heterogeneity, is not above it.");
    column[1].total = true;
    column[n++] =
        (mtp_solution_column){.formula = "(x_i - n_i * pi_c)^2", .total = true};
    mtp_solution_table(s, n, column);
    (void)mtp_solution_line(s, "L", "sum((x_i - n_i * pi_c)^2) / (pi_c * (1 - pi_c))",
                            (double)NAN);
    (void)mtp_solution_line(s, "R", "sum(n_i)", (double)NAN);
    mtp_solution_given(s, "se", m->set->pooled->random.intervals[0].se);
}

/* rho = 1: every study has events alone, or none. */
static void at_one(const mtp_mixed *m)
{
    mtp_solution *s = m->s;
    double all = 0.0;

    for (size_t i = 0; i < m->k; i++) {
        all += m->datum[0][i] > 0.0;
    }
    mtp_solution_text(s, "Every study has events in all patients or in none: `rho` is "
                         "1, a study counts as one observation, and `k_1` of them have "
                         "events.");
    mtp_solution_given(s, "k_1", all);
    (void)mtp_solution_line(s, "mu", "ln(k_1 / (k - k_1))",
                            m->set->pooled->random.estimate);
    (void)mtp_solution_line(s, "ll",
                            "k_1 * ln(k_1 / k) + (k - k_1) * ln((k - k_1) / k)",
                            m->set->pooled->fit.loglik);
    (void)mtp_solution_line(s, "se", "sqrt(k / (k_1 * (k - k_1)))",
                            m->set->pooled->random.intervals[0].se);
}

void mtp_explain_beta_binomial(mtp_mixed *m)
{
    const mtp_estimate *random = &m->set->pooled->random;
    const mtp_fit *fit = &m->set->pooled->fit;
    mtp_solution *s = m->s;

    mtp_explain_section(m->work, "Beta-binomial model");
    if (isnan(fit->rho)) {
        mtp_solution_text(s, "The data say nothing about `rho`: the estimate is the "
                             "common effect.");
        return;
    }
    mtp_solution_given(s, "mu", random->estimate);
    mtp_solution_know(s, "mu", random->estimate);
    mtp_solution_given(s, "rho", fit->rho);
    mtp_solution_know(s, "rho", fit->rho);
    if (fit->rho == 0.0) {
        at_zero(m);
    } else if (fit->rho == 1.0) {
        at_one(m);
    } else {
        work_likelihood(m);
        check_slopes(m);
        second_derivatives(m);
    }
    if (fit->rho > 0.0) {
        test_rho(m);
    }
    mtp_mixed_tests(m);
    m->set->estimate = random;
    mtp_explain_interval(m->work, m->set, &random->ci, "");
    mtp_explain_back(m->work, m->set, "");
}
