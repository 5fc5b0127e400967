/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coefficients of a regression: standard errors, tests, intervals. */
#include "core/number.h"
#include "explain/equations.h"
#include "explain/robust_regress.h"
#include "num/dist.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

mtp_explain_inference mtp_regress_inference(mtp_explain_regression *m)
{
    mtp_ci_method ci = m->fit->options.ci;
    bool adhoc = ci == MTP_CI_HKSJ_ADHOC;
    mtp_explain_inference how = {.covariance = m->weight ? "R_#_@" : "V_#_@"};

    how.df = isnan(m->fit->coefficient[0].df) ? NULL : "df";
    if (m->fit->n_clusters > 0) {
        mtp_regress_robust(m, &how);
    } else if (ci == MTP_CI_HKSJ || adhoc) {
        how.factor = "q";
        (void)mtp_solution_line(m->s, "q",
                                adhoc ? "max(1, sum(ws_i * r_i^2) / df)"
                                      : "sum(ws_i * r_i^2) / df",
                                m->fit->factor);
    }
    return how;
}

const char *mtp_regress_variance(mtp_explain_regression *m,
                                 const mtp_explain_inference *how, size_t i, size_t j)
{
    const char *made = mtp_regress_text(m->s, how->covariance, i, j);

    if (made && how->factor) {
        made = mtp_regress_format(m->s, "%s * %s", how->factor, made);
    }
    m->s->failed = m->s->failed || !made;
    return made ? made : "0";
}

const char *mtp_regress_below(mtp_explain_regression *m)
{
    double tail = mtp_tail_of_level(m->work->bundle->level);
    const char *text =
        mtp_arena_strdup(m->s->arena, mtp_number_brief(1.0 - tail, 15).text);

    m->s->failed = m->s->failed || !text;
    return text ? text : "0.5";
}

void mtp_regress_estimate(mtp_explain_regression *m, const mtp_explain_inference *how,
                          const char *of, const char *variance,
                          const mtp_coefficient *c)
{
    mtp_solution *s = m->s;

    if (how->own_df && !isnan(c->df) && !isnan(c->ci_lower)) {
        (void)mtp_solution_linef(s, "crit", (double)NAN, "t(%s, %s)",
                                 mtp_regress_below(m), how->df);
    }
    if (how->factor) {
        (void)mtp_solution_linef(s, "se", c->se, "sqrt(%s * (%s))", how->factor,
                                 variance);
    } else {
        (void)mtp_solution_linef(s, "se", c->se, "sqrt(%s)", variance);
    }
    if (isnan(c->ci_lower)) {
        mtp_solution_text(s, "Without degrees of freedom there is neither a test nor "
                             "an interval.");
        return;
    }
    if (isnan(c->statistic)) {
        mtp_solution_text(s, "Of a standard error of 0 there is no test.");
    } else {
        (void)mtp_solution_linef(s, "T", c->statistic, "%s / se", of);
        if (how->df) {
            (void)mtp_solution_linef(s, "p_b", c->p, "2 * upper_t(abs(T), %s)",
                                     how->df);
        } else {
            (void)mtp_solution_line(s, "p_b", "2 * upper_z(abs(T))", c->p);
        }
    }
    (void)mtp_solution_linef(s, "lower", c->ci_lower, "%s - crit * se", of);
    (void)mtp_solution_linef(s, "upper", c->ci_upper, "%s + crit * se", of);
}

static void coefficient(mtp_explain_regression *m, const mtp_explain_inference *how,
                        size_t j)
{
    const mtp_coefficient *c = &m->fit->coefficient[j];
    const char *name = mtp_regress_text(m->s, "b_#", j, 0);
    const char *variance = mtp_regress_text(m->s, how->covariance, j, j);
    mtp_explain_inference own = *how;
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;

    if (!name || !variance) {
        return;
    }
    if (how->own_df) {
        own.df = mtp_regress_text(s, "nu_#", j, 0);
    }
    mtp_solution_heading(s, 3, "%s: %s", name, mtp_solution_name(s, c->name));
    mtp_regress_estimate(m, &own, name, variance, c);
    if (mtp_view_is_ratio(m->work->bundle, j)) {
        (void)mtp_solution_linef(s, "ratio", (double)NAN, "exp(%s)", name);
    }
    if (mtp_view_is_ratio(m->work->bundle, j) && !isnan(c->ci_lower)) {
        (void)mtp_solution_line(s, "ratio_lower", "exp(lower)", (double)NAN);
        (void)mtp_solution_line(s, "ratio_upper", "exp(upper)", (double)NAN);
    }
    s->scope.n = mark;
}

/* Those of the approximate Hotelling test by Pustejovsky and Tipton; of one coefficient
 * they are its own. */
static void put_hotelling_df(mtp_explain_regression *m,
                             const mtp_explain_inference *how, size_t q,
                             const size_t at[], double df)
{
    mtp_solution *s = m->s;

    if (q == 1) {
        (void)mtp_solution_line(s, "df_2", mtp_regress_text(s, "nu_#", at[0], 0), df);
        return;
    }
    mtp_solution_text(s, "The test is the approximate Hotelling test (HTZ).");
    if (mtp_sandwich_hotelling(how->robust, q, at)) {
        (void)mtp_solution_line(s, "df_2", "eta - df_1 + 1", df);
    } else {
        mtp_solution_text(s, "Its eta, `df_2 + df_1 - 1`, is not worked.");
        mtp_solution_given(s, "df_2", df);
    }
}

const char *mtp_regress_smallest_df(mtp_explain_regression *m, size_t q,
                                    const size_t at[])
{
    const char *text = mtp_regress_text(m->s, "nu_#", at[0], 0);

    for (size_t j = 1; j < q; j++) {
        text = mtp_regress_format(m->s, "min(%s, nu_%zu)", text, at[j] + 1);
    }
    return text;
}

/* Of fewer degrees of freedom than coefficients. */
static void put_singular(mtp_solution *s, const char *F, const char *Q, const char *p,
                         const mtp_test *test)
{
    mtp_solution_text(s,
                      "The covariance of these coefficients has no inverse: its rank "
                      "is %s. The test is not worked here, and given.",
                      mtp_number_brief(test->df, 15).text);
    mtp_solution_given(s, test->is_f ? F : Q, test->statistic);
    mtp_solution_given(s, p, test->p);
}

/* b' G^-1 b over q coefficients, G their covariance; what the values are called ends in
 * `suffix`. */
static void joint(mtp_explain_regression *m, const mtp_explain_inference *how, size_t q,
                  const size_t at[], const char *suffix, const mtp_test *test)
{
    mtp_solution *s = m->s;
    const char *Q = mtp_regress_format(s, "Q_%s", suffix);
    const char *F =
        strcmp(suffix, "M") == 0 ? "F" : mtp_regress_format(s, "F_%s", suffix);
    const char *p = mtp_regress_format(s, "p_%s", suffix);

    if (!Q || !F || !p) {
        s->failed = true;
        return;
    }
    if (test->df < (double)q) {
        put_singular(s, F, Q, p, test);
        return;
    }
    for (size_t j = 0; j < q; j++) {
        for (size_t i = j; i < q; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "G_#_@", i, j),
                                    mtp_regress_variance(m, how, at[i], at[j]),
                                    (double)NAN);
        }
        (void)mtp_solution_line(s, mtp_regress_text(s, "h_#", j, 0),
                                mtp_regress_text(s, "b_#", at[j], 0), (double)NAN);
    }
    mtp_equations_factor(s, "G", q);
    mtp_equations_form(s, "h", Q, q,
                       how->own_df && !how->contained ? (double)NAN
                       : test->is_f                   ? test->statistic * test->df
                                                      : test->statistic);
    mtp_solution_given(s, "df_1", test->df);
    if (how->contained) {
        (void)mtp_solution_line(s, "df_2", mtp_regress_smallest_df(m, q, at),
                                test->df2);
        (void)mtp_solution_linef(s, F, test->statistic, "%s / df_1", Q);
        if (!isnan(test->p)) {
            (void)mtp_solution_linef(s, p, test->p, "upper_F(%s, df_1, df_2)", F);
        }
    } else if (how->own_df) {
        put_hotelling_df(m, how, q, at, test->df2);
        (void)mtp_solution_linef(s, F, test->statistic,
                                 "df_2 * %s / ((df_2 + df_1 - 1) * df_1)", Q);
        (void)mtp_solution_linef(s, p, test->p, "upper_F(%s, df_1, df_2)", F);
    } else if (test->is_f) {
        (void)mtp_solution_linef(s, F, test->statistic, "%s / df_1", Q);
        (void)mtp_solution_linef(s, p, test->p, "upper_F(%s, df_1, %s)", F,
                                 how->df ? how->df : "df");
    } else {
        (void)mtp_solution_linef(s, p, test->p, "upper_chi2(%s, df_1)", Q);
    }
}

/* All coefficients but the intercept. */
static void omnibus(mtp_explain_regression *m, const mtp_explain_inference *how,
                    size_t at[])
{
    size_t first = m->fit->intercept && m->p > 1 ? 1 : 0, q = m->p - first;

    if (isnan(m->fit->omnibus.statistic)) {
        return;
    }
    mtp_solution_heading(m->s, 3,
                         !m->fit->intercept ? "Test of all coefficients"
                         : m->p > 1         ? "Test of all moderators"
                                            : "Test of the intercept");
    mtp_solution_text(m->s, "With G the part of the covariance that belongs to them, "
                            "`Q_M` is b times the inverse of G times b.");
    for (size_t j = 0; j < q; j++) {
        at[j] = j + first;
    }
    joint(m, how, q, at, "M", &m->fit->omnibus);
}

/* Each term by its columns. */
static void terms(mtp_explain_regression *m, const mtp_explain_inference *how,
                  size_t at[])
{
    const mtp_design *design = m->work->bundle->regression->design;
    const mtp_regress_result *fit = m->fit;

    for (size_t t = 0; fit->n_terms > 1 && t < fit->n_terms; t++) {
        size_t q = 0;

        for (size_t j = 0; j < m->p; j++) {
            if (design->column_term[j] < design->n_terms &&
                strcmp(design->term_name[design->column_term[j]], fit->terms[t].name) ==
                    0) {
                at[q++] = j;
            }
        }
        if (q > 0 && !isnan(fit->terms[t].test.statistic)) {
            mtp_solution_heading(m->s, 3, "Test of the term %s",
                                 mtp_solution_name(m->s, fit->terms[t].name));
            joint(m, how, q, at, "T", &fit->terms[t].test);
        }
    }
}

/* Those that were asked for: rows that pick columns. */
static void hypotheses(mtp_explain_regression *m, const mtp_explain_inference *how,
                       size_t at[])
{
    const mtp_hypothesis *rows = m->work->bundle->regression->test_rows;

    for (size_t t = 0; t < m->fit->n_tests; t++) {
        for (size_t r = 0; r < rows[t].q; r++) {
            for (size_t j = 0; j < m->p; j++) {
                at[r] = rows[t].l[r * m->p + j] != 0.0 ? j : at[r];
            }
        }
        mtp_solution_heading(m->s, 3, "Test of %s",
                             mtp_solution_name(m->s, rows[t].name));
        if (!isnan(m->fit->tests[t].test.statistic)) {
            joint(m, how, rows[t].q, at, "T", &m->fit->tests[t].test);
        }
    }
}

void mtp_regress_tests(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const char *below = mtp_regress_below(m);
    size_t *at = mtp_arena_zalloc(m->s->arena, m->p, sizeof *at);

    if (!at) {
        m->s->failed = true;
        return;
    }
    if (how->df && !how->own_df && m->fit->coefficient[0].df > 0.0) {
        (void)mtp_solution_linef(m->s, "crit", (double)NAN, "t(%s, %s)", below,
                                 how->df);
    } else if (!how->df) {
        (void)mtp_solution_linef(m->s, "crit", (double)NAN, "z(%s)", below);
    }
    for (size_t j = 0; j < m->p; j++) {
        coefficient(m, how, j);
    }
    omnibus(m, how, at);
    terms(m, how, at);
    hypotheses(m, how, at);
}
