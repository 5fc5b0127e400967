/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The section of a mixed model: test, heterogeneity, standard error, interval. */
#include "explain/mixed.h"

#include <math.h>

void mtp_mixed_common(mtp_mixed *m, const char *ell)
{
    mtp_solution_column column[MTP_MIXED_DATA + 3];
    size_t n = mtp_mixed_columns(m, column);

    m->set->estimate = &m->set->pooled->common;
    mtp_explain_interval(m->work, m->set, &m->set->pooled->common.ci, "_c");
    mtp_explain_back(m->work, m->set, "_c");
    if (ell) {
        mtp_solution_heading(m->s, 3, "Log-likelihood");
        mtp_solution_text(m->s, "`lnfact(x)` is the logarithm of the factorial of x.");
        n += mtp_mixed_fitted(m, column + n);
        column[n++] =
            (mtp_solution_column){.name = "ell_i", .formula = ell, .total = true};
        mtp_solution_table(m->s, n, column);
        (void)mtp_solution_line(m->s, "ll_c", "sum(ell_i)", (double)NAN);
    }
}

void mtp_mixed_gain(mtp_solution *s, const char *name, const char *formula,
                    double statistic)
{
    static const double LEFT = 0.01;

    if (statistic > LEFT) {
        (void)mtp_solution_line(s, name, formula, statistic);
    } else {
        mtp_solution_given(s, name, statistic);
    }
}

static const char *without_tau2(const mtp_mixed *m)
{
    return m->p > 0 ? "without random effects" : "of the common effect";
}

/* Twice what the random effect adds to the log-likelihood. */
void mtp_mixed_test_tau2(const mtp_mixed *m)
{
    const mtp_heterogeneity *h = m->h;

    if (!mtp_scope_find(&m->s->scope, "ll_c")) {
        return;
    }
    mtp_solution_heading(m->s, 3, "Test of `tau2` = 0");
    mtp_solution_text(m->s,
                      "Twice the log-likelihood above that %s; half the probability of "
                      "chi-square, since `tau2` cannot be below 0.",
                      without_tau2(m));
    mtp_mixed_gain(m->s, "X2_tau", "2 * (ll - ll_c)", h->tau2_statistic);
    (void)mtp_solution_line(m->s, "p_tau", "upper_chi2(X2_tau, 1) / 2", h->tau2_p);
}

static void standard_error(const mtp_mixed *m, bool worked)
{
    double se = m->set->pooled->random.intervals[0].se;
    mtp_solution *s = m->s;

    mtp_solution_heading(s, 3, "Standard error");
    if (worked && m->errors && !m->rule) {
        m->errors(m);
    } else if (worked && m->se && !m->rule) {
        mtp_solution_text(s, "The inverse of the second derivatives of the "
                             "log-likelihood, less its sign, has the variance of `mu` "
                             "among its elements.");
        (void)mtp_solution_line(s, "se", m->se, se);
    } else if (m->tau == 0.0) {
        mtp_solution_text(s, "`mu` and `se` are those of the common effect.");
        mtp_solution_given(s, "se", se);
    } else {
        mtp_solution_text(s, "`se` is the root of an element of the inverse of the "
                             "second derivatives of the log-likelihood, and is not "
                             "worked here.");
        mtp_solution_given(s, "se", se);
    }
}

void mtp_mixed_fit(mtp_mixed *m)
{
    const mtp_estimate *random = &m->set->pooled->random;
    const mtp_heterogeneity *h = m->h;
    mtp_solution *s = m->s;
    bool worked;

    mtp_explain_section(m->work, "Mixed model");
    mtp_solution_given(s, "mu", random->estimate);
    mtp_solution_given(s, "tau", h->tau);
    mtp_solution_know(s, "mu", random->estimate);
    (void)mtp_solution_line(s, "tau2", "tau^2", h->tau2);
    m->mu = random->estimate;
    m->tau = h->tau;
    if (m->level) {
        m->level(m);
    }
    worked = mtp_mixed_likelihood(m);
    if (worked) {
        mtp_mixed_test_tau2(m);
    }
    mtp_mixed_tests(m);
    standard_error(m, worked);
    m->set->estimate = random;
    mtp_explain_interval(m->work, m->set, &random->ci, "");
    mtp_explain_prediction(m->work, m->set);
    mtp_explain_back(m->work, m->set, "");
}

/* How many studies the likelihood is of. */
static void count_studies(const mtp_mixed *m)
{
    size_t out = m->set->k - m->k;

    mtp_solution_given(m->s, "k", (double)m->set->k);
    if (out > 0) {
        mtp_solution_text(m->s,
                          "%zu stud%s without events, or with nothing else, carr%s "
                          "nothing and %s left out; `k_l` are in the likelihood.",
                          out, out == 1 ? "y" : "ies", out == 1 ? "ies" : "y",
                          out == 1 ? "is" : "are");
        mtp_solution_given(m->s, "k_l", (double)m->k);
    }
}

void mtp_mixed_two_groups(mtp_mixed *m, void (*common)(mtp_mixed *m),
                          bool (*find)(mtp_mixed *m))
{
    const mtp_pooled *pooled = m->set->pooled;

    mtp_explain_section(m->work, "Common effect");
    count_studies(m);
    common(m);
    if (!pooled->exists) {
        mtp_solution_text(m->s, "The mixed model has no finite estimate.");
    } else if (isnan(pooled->heterogeneity.tau2)) {
        mtp_solution_text(m->s, "One study says nothing about `tau2`: the estimate is "
                                "the common effect.");
    } else if (!find || find(m)) {
        mtp_mixed_fit(m);
    }
}
