/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixed models of counts of one group with moderators: each study has the mean x'b.
 * What is found by search are b and tau; the derivatives in b are those in the mean
 * times x, which mixed_fit.c shows. */
#include "explain/equations.h"
#include "explain/mixed.h"
#include "explain/regress.h"
#include "models/glmm_design.h"

#include <math.h>

enum { COLUMNS = 90 };

/* b_1 * x_1 + ... ; `b` is the name of the coefficients, `x` what follows x_j. */
static const char *linear(mtp_explain_regression *r, const char *b, const char *x)
{
    const char *sum = mtp_regress_format(r->s, "%s_1 * x_1%s", b, x);

    for (size_t j = 2; j <= r->p; j++) {
        sum = mtp_regress_format(r->s, "%s + %s_%zu * x_%zu%s", sum, b, j, j, x);
    }
    return sum;
}

static void give_coefficients(mtp_explain_regression *r, const char *name,
                              const double b[])
{
    for (size_t j = 0; j < r->p; j++) {
        const char *b_j = mtp_regress_format(r->s, "%s_%zu", name, j + 1);

        mtp_solution_given(r->s, b_j, b[j]);
        mtp_solution_know(r->s, b_j, b[j]);
    }
}

/* The law with each study's mean as its first line. */
static const mtp_law *law_of(mtp_explain_regression *r, const mtp_law *one_mean)
{
    mtp_law *law = mtp_arena_zalloc(r->s->arena, 1, sizeof *law);

    if (!law) {
        r->s->failed = true;
        return one_mean;
    }
    *law = *one_mean;
    law->before[1] = law->before[0];
    law->before[0] = (mtp_law_line){"mu", linear(r, "b", "")};
    return law;
}

static bool add_moderators(mtp_explain_regression *r, mtp_mixed *m, const double b[])
{
    double *mean = MTP_ARENA_ARRAY(r->s->arena, m->k, double);

    if (!mean) {
        r->s->failed = true;
        return false;
    }
    for (size_t i = 0; i < m->k; i++) {
        mean[i] = 0.0;
        for (size_t j = 0; j < r->p; j++) {
            mean[i] += b[j] * r->x[j][i];
        }
    }
    for (size_t j = 0; j < r->p; j++) {
        m->name[m->counts + j] = mtp_regress_text(r->s, "x_#", j, 0);
        m->column[m->counts + j] = r->x_name[j];
        m->datum[m->counts + j] = r->x[j];
    }
    m->mean = mean;
    m->law = law_of(r, m->law);
    return !r->s->failed;
}

/* The columns of the counts and the moderators. */
static size_t data_of(const mtp_explain_regression *r, const mtp_mixed *m,
                      mtp_solution_column column[])
{
    size_t n = mtp_mixed_columns(m, column);

    for (size_t j = 0; j < r->p; j++) {
        column[n++] = (mtp_solution_column){.name = r->x_name[j], .values = r->x[j]};
    }
    return n;
}

/* The regression of inverse variances without tau2, for v_t. */
static void typical_variance(mtp_explain_regression *r)
{
    mtp_explain_solved figures;

    if (isnan(r->fit->heterogeneity.vt) || !mtp_regress_solved_at(r, 0.0, &figures)) {
        return;
    }
    figures.V = NULL;
    mtp_explain_section(r->work, "Typical variance");
    mtp_solution_text(r->s, "I2 and H2 take the typical sampling variance `v_t` of the "
                            "studies' own effects, with `h_i` of their regression by "
                            "inverse variances: x times the inverse of A times x.");
    mtp_regress_equations(r, "1 / v_i", "w_i", &figures);
    mtp_regress_residuals(r, "1 / v_i", "w_i");
    mtp_regress_typical(r);
}

/* The model at tau = 0, a logistic or Poisson regression; c is found by search. */
static void common_effect(mtp_explain_regression *r, mtp_mixed *m)
{
    mtp_solution_column column[COLUMNS];
    mtp_glmm_design_fit fit;
    mtp_solution *s = r->s;
    size_t n;

    if (mtp_glmm_fit_design(m->rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, m->k,
                            m->datum[0], m->datum[1], NULL, r->p,
                            r->work->bundle->regression->design->x, 0, s->arena, &fit,
                            NULL) != MTP_OK) {
        s->failed = true;
        return;
    }
    if (!fit.common_exists) {
        return;
    }
    mtp_explain_section(r->work, "Without `tau2`");
    mtp_solution_text(
        s, "The coefficients c of the model without random effects are found "
           "by search: with them the sums of x times what is seen less what "
           "is expected are 0. `lnfact(x)` is the logarithm of the factorial "
           "of x.");
    give_coefficients(r, "c", fit.common_beta);
    n = data_of(r, m, column);
    column[n++] = (mtp_solution_column){
        .name = "pi_i",
        .formula = mtp_regress_format(s, m->rates ? "exp(%s)" : "1 / (1 + exp(-(%s)))",
                                      linear(r, "c", "_i"))};
    for (size_t j = 0; j < r->p; j++) {
        n = mtp_regress_total(r, column, n, "(x_i - n_i * pi_i) * x_%zu_i", j + 1);
    }
    column[n++] = (mtp_solution_column){
        .name = "ell_i",
        .formula = m->rates ? "x_i * ln(n_i * pi_i) - n_i * pi_i - lnfact(x_i)"
                            : "lnfact(n_i) - lnfact(x_i) - lnfact(n_i - x_i) + x_i * "
                              "ln(pi_i) + (n_i - x_i) * ln(1 - pi_i)",
        .total = true};
    if (!s->failed) {
        mtp_solution_table(s, n, column);
        (void)mtp_solution_line(s, "ll_c", "sum(ell_i)", (double)NAN);
    }
}

/* What the figures have, a covariance of 0 but for rounding being 0. */
static double *covariance(const mtp_explain_regression *r)
{
    size_t p = r->p;
    double *V = MTP_ARENA_ARRAY(r->s->arena, p * p, double);

    for (size_t j = 0; V && j < p * p; j++) {
        const double *v = r->fit->vcov;
        double size = sqrt(v[j / p * (p + 1)]) * sqrt(v[j % p * (p + 1)]);

        V[j] = fabs(v[j]) < 1e-9 * size ? 0.0 : v[j];
    }
    r->s->failed = r->s->failed || !V;
    return V;
}

/* By the second derivatives H of the log-likelihood in b and tau. */
static void by_derivatives(mtp_explain_regression *r, const double V[])
{
    mtp_solution *s = r->s;
    size_t p = r->p;

    mtp_solution_text(s, "H has the second derivatives of the log-likelihood in the "
                         "coefficients and, last, in `tau`; V is the inverse of -H, of "
                         "which the part of the coefficients is their covariance.");
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j; i < p; i++) {
            mtp_regress_sum(r, mtp_regress_text(s, "H_#_@", i, j),
                            "A_i * x_%zu_i * x_%zu_i", j + 1, i + 1);
        }
        mtp_regress_sum(r, mtp_regress_text(s, "H_#_@", p, j), "B_i * x_%zu_i", j + 1);
    }
    (void)mtp_solution_line(s, mtp_regress_text(s, "H_#_@", p, p), "sum(C_i)",
                            (double)NAN);
    mtp_equations_factor(s, "H", p + 1);
    mtp_equations_inverse(s, "W", p + 1, NULL);
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j; i < p; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "V_#_@", i, j),
                                    mtp_regress_text(s, "-W_#_@", i, j), V[i * p + j]);
        }
    }
    (void)mtp_solution_line(s, "se_t",
                            mtp_regress_text(s, "2 * tau * sqrt(-W_#_@)", p, p),
                            r->fit->heterogeneity.tau2_se);
}

/* At tau = 0: by the variances of the counts. */
static void by_counts(mtp_explain_regression *r, const mtp_mixed *m, const double V[])
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = r->s;
    size_t n = data_of(r, m, column), p = r->p;

    mtp_solution_text(s, "V is the inverse of A, the sums of squares and products of "
                         "the moderators with the variances `u_i` of the counts.");
    n += mtp_mixed_fitted(m, column + n);
    column[n++] = (mtp_solution_column){.name = "u_i", .formula = m->variances};
    for (size_t j = 1; j <= p; j++) {
        for (size_t i = j; i <= p; i++) {
            n = mtp_regress_total(r, column, n, "u_i * x_%zu_i * x_%zu_i", j, i);
        }
    }
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < p; j++) {
        for (size_t i = j; i < p; i++) {
            mtp_regress_sum(r, mtp_regress_text(s, "A_#_@", i, j),
                            "u_i * x_%zu_i * x_%zu_i", j + 1, i + 1);
        }
    }
    mtp_equations_factor(s, "A", p);
    mtp_equations_invert(s, p, V);
}

static void work_covariance(mtp_explain_regression *r, const mtp_mixed *m, bool worked)
{
    const double *V = covariance(r);
    mtp_solution *s = r->s;

    if (!V) {
        return;
    }
    mtp_solution_heading(s, 3, "Covariance");
    if (worked) {
        by_derivatives(r, V);
    } else if (m->tau == 0.0 && mtp_scope_find(&s->scope, "pi_i")) {
        by_counts(r, m, V);
    } else {
        mtp_solution_text(s, "V is the covariance of the coefficients: a part of the "
                             "inverse of the second derivatives of the log-likelihood, "
                             "less its sign. It is taken as given.");
        if (!isnan(m->h->tau2_se)) {
            mtp_solution_given(s, "se_t", m->h->tau2_se);
        }
        for (size_t j = 0; j < r->p; j++) {
            for (size_t i = j; i < r->p; i++) {
                mtp_solution_given(s, mtp_regress_text(s, "V_#_@", i, j),
                                   V[i * r->p + j]);
            }
        }
    }
}

static void heterogeneity(mtp_explain_regression *r, const mtp_mixed *m)
{
    const mtp_heterogeneity *h = m->h;
    mtp_solution *s = r->s;

    mtp_solution_heading(s, 3, "Heterogeneity");
    if (!isnan(h->I2)) {
        (void)mtp_solution_line(s, "I2", "100 * tau2 / (tau2 + v_t)", h->I2);
        (void)mtp_solution_line(s, "H2", "1 + tau2 / v_t", h->H2);
    }
    mtp_regress_explained(r);
    if (isnan(h->Q)) {
        return;
    }
    mtp_solution_text(
        s, "Wald's `Q_E` is the sum of weighted squares about the regression "
           "of the studies' own estimates, with their information as "
           "weights, and is taken as given.");
    mtp_solution_given(s, "Q_E", h->Q);
    mtp_solution_know(s, "Q_E", h->Q);
    (void)mtp_solution_line(s, "p_E", "upper_chi2(Q_E, df)", h->p);
    if (h->Q > 0.0) {
        (void)mtp_solution_line(s, "I2_Q", "100 * max(0, Q_E - df) / Q_E", h->I2_Q);
    }
    if (mtp_scope_find(&s->scope, "ll_c")) {
        mtp_mixed_LRT(m);
        (void)mtp_solution_line(s, "p_LRT", "upper_chi2(LRT, df)", h->LRT_p);
    }
}

static void mixed_model(mtp_explain_regression *r, mtp_mixed *m, const double b[])
{
    mtp_solution *s = r->s;
    bool worked;

    mtp_explain_section(r->work, "Mixed model");
    mtp_solution_text(s, "The mean of a study is `mu`, the sum of its moderators times "
                         "the coefficients b.");
    give_coefficients(r, "b", b);
    mtp_solution_given(s, "tau", m->h->tau);
    mtp_solution_know(s, "tau", m->h->tau);
    (void)mtp_solution_line(s, "tau2", "tau^2", m->h->tau2);
    m->tau = m->h->tau;
    worked = mtp_mixed_likelihood(m);
    if (m->tau == 0.0 && mtp_scope_find(&s->scope, "ll_c")) {
        (void)mtp_solution_line(s, "ll", "ll_c", m->fit->loglik);
    } else if (!worked) {
        mtp_solution_given(s, "ll", m->fit->loglik);
        mtp_solution_know(s, "ll", m->fit->loglik);
    }
    mtp_explain_criteria(r->work, m->fit, "k", "p + 1");
    if (m->tau > 0.0) {
        mtp_mixed_test_tau2(m);
    }
    heterogeneity(r, m);
    work_covariance(r, m, worked && !m->rule);
}

void mtp_explain_mixed_regress(mtp_explain_regression *r)
{
    bool rates = r->work->bundle->measure->input == MTP_INPUT_EVENTS_TIME;
    const mtp_role role[] = {MTP_ROLE_EVENTS, rates ? MTP_ROLE_TIME : MTP_ROLE_N};
    double *b = MTP_ARENA_ARRAY(r->s->arena, r->p, double);
    mtp_mixed m = {.work = r->work,
                   .s = r->s,
                   .set = &r->set,
                   .h = &r->fit->heterogeneity,
                   .fit = &r->fit->fit,
                   .rates = rates,
                   .p = r->p};
    mtp_explain_inference how;

    mtp_mixed_one_group(&m);
    m.squares = "(x_i - n_i * pi_i)^2";
    m.variances = rates ? "n_i * pi_i" : "n_i * pi_i * (1 - pi_i)";
    m.fitted = "pi_i";
    m.expected[0] = "n_i * pi_i";
    m.expected[1] = rates ? NULL : "n_i * (1 - pi_i)";
    if (!b || !mtp_mixed_read(&m, role, NULL)) {
        r->s->failed = true;
        return;
    }
    for (size_t j = 0; j < r->p; j++) {
        b[j] = r->fit->coefficient[j].estimate;
    }
    if (!add_moderators(r, &m, b)) {
        return;
    }
    mtp_solution_given(r->s, "k", (double)m.k);
    mtp_solution_given(r->s, "p", (double)r->p);
    (void)mtp_solution_line(r->s, "df", "k - p", m.h->df);
    typical_variance(r);
    common_effect(r, &m);
    mixed_model(r, &m, b);
    mtp_explain_section(r->work, "Coefficients");
    how = mtp_regress_inference(r);
    mtp_regress_tests(r, &how);
    mtp_regress_means(r, &how);
    mtp_regress_explain_vif(r);
    mtp_regress_permutations(r);
    mtp_regress_correlation(r);
    mtp_regress_studies(r, NULL);
}
