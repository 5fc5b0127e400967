/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coefficients of a regression: standard errors, tests, intervals. */
#include "core/number.h"
#include "explain/equations.h"
#include "explain/regress.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

mtp_explain_inference mtp_regress_inference(mtp_explain_regression *m)
{
    mtp_ci_method ci = m->fit->options.ci;
    bool adhoc = ci == MTP_CI_HKSJ_ADHOC;
    const char *df = isnan(m->fit->coefficient[0].df) ? NULL : "df";

    if (ci != MTP_CI_HKSJ && !adhoc) {
        return (mtp_explain_inference){"V_#_@", df};
    }
    (void)mtp_solution_line(
        m->s, "q", adhoc ? "max(1, sum(ws_i * r_i^2) / df)" : "sum(ws_i * r_i^2) / df",
        m->fit->factor);
    return (mtp_explain_inference){"q * V_#_@", df};
}

static const char *variance(mtp_explain_regression *m, const mtp_explain_inference *how,
                            size_t i, size_t j)
{
    const char *made = mtp_regress_text(m->s, how->covariance, i, j);

    return made ? made : "0";
}

static void coefficient(mtp_explain_regression *m, const mtp_explain_inference *how,
                        size_t j)
{
    const mtp_coefficient *c = &m->fit->coefficient[j];
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;

    mtp_solution_heading(s, 3, "b_%zu: %s", j + 1, mtp_solution_name(s, c->name));
    (void)mtp_solution_linef(s, "se", c->se, "sqrt(%s)", variance(m, how, j, j));
    if (isnan(c->statistic)) {
        mtp_solution_text(s, "Of a standard error of 0 there is no test.");
    } else {
        (void)mtp_solution_linef(s, "T", c->statistic, "b_%zu / se", j + 1);
        if (how->df) {
            (void)mtp_solution_linef(s, "p_b", c->p, "2 * upper_t(abs(T), %s)",
                                     how->df);
        } else {
            (void)mtp_solution_line(s, "p_b", "2 * upper_z(abs(T))", c->p);
        }
    }
    (void)mtp_solution_linef(s, "lower", c->ci_lower, "b_%zu - crit * se", j + 1);
    (void)mtp_solution_linef(s, "upper", c->ci_upper, "b_%zu + crit * se", j + 1);
    s->scope.n = mark;
}

/* The test of all moderators: b' V^-1 b over the coefficients but the intercept. */
static void omnibus(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    const mtp_test *test = &m->fit->omnibus;
    mtp_solution *s = m->s;
    size_t first = m->fit->intercept && m->p > 1 ? 1 : 0, q = m->p - first;

    if (isnan(test->statistic)) {
        return;
    }
    mtp_solution_heading(s, 3, "Test of all moderators");
    mtp_solution_text(s,
                      "With G the part of V that belongs to them, `Q_M` is b times "
                      "the inverse of G times b%s.",
                      strcmp(how->covariance, "V_#_@") == 0 ? "" : ", by `q`");
    for (size_t j = 0; j < q; j++) {
        for (size_t i = j; i < q; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "G_#_@", i, j),
                                    variance(m, how, i + first, j + first),
                                    (double)NAN);
        }
        (void)mtp_solution_line(s, mtp_regress_text(s, "h_#", j, 0),
                                mtp_regress_text(s, "b_#", j + first, 0), (double)NAN);
    }
    mtp_equations_factor(s, "G", q);
    mtp_equations_form(s, "h", "Q_M", q,
                       test->is_f ? test->statistic * test->df : test->statistic);
    mtp_solution_given(s, "df_1", test->df);
    if (test->is_f) {
        (void)mtp_solution_line(s, "F", "Q_M / df_1", test->statistic);
        (void)mtp_solution_line(s, "p_M", "upper_F(F, df_1, df)", test->p);
    } else {
        (void)mtp_solution_line(s, "p_M", "upper_chi2(Q_M, df_1)", test->p);
    }
}

void mtp_regress_tests(mtp_explain_regression *m, const mtp_explain_inference *how)
{
    mtp_brief below =
        mtp_number_brief(1.0 - mtp_tail_of_level(m->work->bundle->level), 15);

    if (how->df) {
        (void)mtp_solution_linef(m->s, "crit", (double)NAN, "t(%s, %s)", below.text,
                                 how->df);
    } else {
        (void)mtp_solution_linef(m->s, "crit", (double)NAN, "z(%s)", below.text);
    }
    for (size_t j = 0; j < m->p; j++) {
        coefficient(m, how, j);
    }
    omnibus(m, how);
}
