/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The information on alpha, the coefficients of log t_i: with its sign changed, the
 * matrix of second derivatives of the log-likelihood, b at its best. With u = W r, P =
 * W
 * - W X V X'W and E = W^2 (ML) or P_ij^2 (REML) the derivatives by t are
 *   d2 ll / d t_i d t_j = E_ij / 2 - u_i P_ij u_j,
 * and t_i has the derivatives t_i s_ij by alpha_j. V is a sum over orthogonal columns
 * z_m z_m' / d_m, and so are sums over pairs of studies products of sums over studies.
 */
#include "explain/equations.h"
#include "explain/regress.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

static const double ALIKE = 1e9; /* 1 / part of a diagonal that elimination leaves */

/* What stands in the diagonal of the information, before b and V move. */
static const char *own_part(bool restricted)
{
    return restricted ? "(q_i - g_i) / 2 + t_i * ws_i * g_i - "
                        "t_i^2 * ws_i^2 * (1 - 2 * ws_i * h_i) / 2"
                      : "(q_i - g_i) / 2 + t_i * ws_i * g_i - t_i^2 * ws_i^2 / 2";
}

static void put_own(mtp_explain_regression *m, bool restricted)
{
    static const char *const known[] = {"t_i", "ws_i", "g_i", "q_i", "h_i"};
    mtp_solution_column column[COLUMNS];
    size_t q = m->fit->n_scale, n = 0;

    for (size_t c = 0; c < (restricted ? 5 : 4); c++) {
        n = mtp_regress_known(m, column, n, known[c]);
    }
    for (size_t j = 0; j < q; j++) {
        n = mtp_regress_known(m, column, n, mtp_regress_text(m->s, "s_#_i", j, 0));
    }
    column[n++] = (mtp_solution_column){.name = "c_i", .formula = own_part(restricted)};
    for (size_t l = 1; l <= q; l++) {
        for (size_t j = l; j <= q; j++) {
            n = mtp_regress_total(m, column, n, "c_i * s_%zu_i * s_%zu_i", j, l);
        }
    }
    if (!m->s->failed) {
        mtp_solution_table(m->s, n, column);
    }
}

/* F_j_m and, of REML, H_j_m_n: how alpha_j moves b and V. */
static void put_moved(mtp_explain_regression *m, bool restricted, size_t j)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    const char *z = mtp_regress_text(s, "s_#_i", j, 0);
    size_t n = 0;

    n = mtp_regress_known(m, column, n, "t_i");
    n = mtp_regress_known(m, column, n, "ws_i");
    n = mtp_regress_known(m, column, n, "r_i");
    n = mtp_regress_known(m, column, n, z);
    for (size_t a = 0; a < m->p; a++) {
        n = mtp_regress_known(m, column, n, mtp_regress_orthogonal_name(s, a));
    }
    column[n++] = (mtp_solution_column){
        .name = "a_i", .formula = mtp_regress_format(s, "t_i * ws_i^2 * %s", z)};
    for (size_t a = 0; a < m->p; a++) {
        n = mtp_regress_total(m, column, n, "a_i * r_i * %s",
                              mtp_regress_orthogonal_name(s, a));
    }
    for (size_t a = 0; restricted && a < m->p; a++) {
        for (size_t b = 0; b <= a; b++) {
            n = mtp_regress_total(m, column, n, "a_i * %s * %s",
                                  mtp_regress_orthogonal_name(s, a),
                                  mtp_regress_orthogonal_name(s, b));
        }
    }
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t a = 0; a < m->p; a++) {
        mtp_regress_sum(m, mtp_regress_text(s, "F_#_@", j, a), "a_i * r_i * %s",
                        mtp_regress_orthogonal_name(s, a));
    }
    for (size_t a = 0; restricted && a < m->p; a++) {
        for (size_t b = 0; b <= a; b++) {
            mtp_regress_sum(m,
                            mtp_regress_format(s, "H_%zu_%zu_%zu", j + 1, a + 1, b + 1),
                            "a_i * %s * %s", mtp_regress_orthogonal_name(s, a),
                            mtp_regress_orthogonal_name(s, b));
        }
    }
}

/* The product of what alpha_j and alpha_l have. */
static const char *product(mtp_solution *s, const char *left, const char *right)
{
    return strcmp(left, right) == 0 ? mtp_regress_format(s, "%s^2", left)
                                    : mtp_regress_format(s, "%s * %s", left, right);
}

static const char *pair(mtp_solution *s, size_t j, size_t a, size_t b)
{
    return mtp_regress_format(s, "H_%zu_%zu_%zu", j + 1, a + 1, b + 1);
}

/* H_j H_l over d d, of all pairs of columns. */
static const char *pairs(mtp_explain_regression *m, size_t j, size_t l)
{
    mtp_solution *s = m->s;
    const char *text = "";

    for (size_t a = 0; a < m->p; a++) {
        for (size_t b = 0; b <= a; b++) {
            text = mtp_regress_format(
                s, "%s%s%s%s / %s", text, a > 0 ? " + " : "", a == b ? "" : "2 * ",
                product(s, pair(s, j, a, b), pair(s, l, a, b)),
                a == b ? mtp_regress_text(s, "d_#^2", a, 0)
                       : mtp_regress_text(s, "(d_@ * d_#)", a, b));
        }
    }
    return text;
}

/* I_j_l */
static void put_element(mtp_explain_regression *m, bool restricted, size_t j, size_t l)
{
    mtp_solution *s = m->s;
    const char *text = mtp_regress_text(s, "sum(c_i * s_#_i * s_@_i)", j, l);

    for (size_t a = 0; a < m->p; a++) {
        text = mtp_regress_format(s, "%s - %s / d_%zu", text,
                                  product(s, mtp_regress_text(s, "F_#_@", j, a),
                                          mtp_regress_text(s, "F_#_@", l, a)),
                                  a + 1);
    }
    if (restricted) {
        text = mtp_regress_format(s, "%s - (%s) / 2", text, pairs(m, j, l));
    }
    (void)mtp_solution_line(s, mtp_regress_text(s, "I_#_@", j, l), text, (double)NAN);
}

/* Whether the elimination leaves too little of a diagonal to be worked. */
static bool loses_digits(const mtp_explain_regression *m)
{
    for (size_t j = 0; j < m->fit->n_scale; j++) {
        const char *name = mtp_regress_text(m->s, "I_#_@", j, j);
        const mtp_quantity *of = mtp_scope_find(&m->s->scope, name);
        double se = m->fit->scale[j].se;

        if (!of || isnan(se) || !(of->figure.value * se * se < ALIKE)) {
            return true;
        }
    }
    return false;
}

void mtp_explain_scale_information(mtp_explain_regression *m, bool restricted)
{
    size_t q = m->fit->n_scale;

    mtp_explain_section(m->work, "Information on the scale");
    mtp_solution_text(
        m->s,
        "I has the second derivatives of the log-likelihood in `alpha`, with their "
        "sign changed. `I_j_l` is the sum of `c_i * s_j_i * s_l_i`, less what the "
        "best b for every `alpha` gives back: the products of F, `F_j_m` the sum of "
        "`a_i * r_i` by a column, by the `d_m` of the elimination above%s. Columns "
        "are `x_1` and those made orthogonal to the ones before, `z_2` and on; `a_i` "
        "is made with `s_j_i`.",
        restricted ? "; and less half the products of H, `H_j_m_n` the sum of `a_i` by "
                     "two columns, which are due to the determinant of A"
                   : "");
    put_own(m, restricted);
    for (size_t j = 0; j < q && !m->s->failed; j++) {
        put_moved(m, restricted, j);
    }
    for (size_t l = 0; l < q; l++) {
        for (size_t j = l; j < q; j++) {
            put_element(m, restricted, j, l);
        }
    }
}

bool mtp_explain_scale_covariance(mtp_explain_regression *m)
{
    mtp_solution *s = m->s;

    if (loses_digits(m)) {
        mtp_solution_text(s, "The columns of the scale are so alike that the inverse "
                             "of I loses its digits; standard errors are given.");
        return false;
    }
    mtp_solution_text(s, "C, the inverse of I, is the covariance of `alpha`.");
    mtp_equations_factor(s, "I", m->fit->n_scale);
    mtp_equations_inverse(s, "C", m->fit->n_scale, NULL);
    return true;
}

/* alpha' G^-1 alpha over all but a constant, G their part of C. */
static void put_statistic(mtp_explain_regression *m, size_t first)
{
    const mtp_test *test = &m->fit->scale_omnibus;
    size_t n = m->fit->n_scale - first;
    mtp_solution *s = m->s;

    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            (void)mtp_solution_line(s, mtp_regress_text(s, "G_#_@", i, j),
                                    mtp_regress_text(s, "C_#_@", i + first, j + first),
                                    (double)NAN);
        }
        (void)mtp_solution_line(s, mtp_regress_text(s, "h_#", j, 0),
                                mtp_regress_text(s, "alpha_#", j + first, 0),
                                (double)NAN);
    }
    mtp_equations_factor(s, "G", n);
    mtp_equations_form(s, "h", "Q_s", n,
                       test->is_f ? test->statistic * test->df : test->statistic);
    if (test->is_f) {
        (void)mtp_solution_line(s, "F_s", "Q_s / df_s", test->statistic);
    }
}

void mtp_explain_scale_omnibus(mtp_explain_regression *m, bool worked)
{
    const mtp_test *test = &m->fit->scale_omnibus;
    const mtp_design *design = m->work->bundle->regression->scale_design;
    size_t first = design->intercept && m->fit->n_scale > 1 ? 1 : 0;
    mtp_solution *s = m->s;

    if (isnan(test->statistic)) {
        return;
    }
    worked = worked && test->df == (double)(m->fit->n_scale - first);
    mtp_solution_heading(s, 3, "Test of the scale");
    mtp_solution_given(s, "df_s", test->df);
    if (worked) {
        mtp_solution_text(s,
                          "With G the part of C that belongs to all%s, `Q_s` is "
                          "`alpha` times the inverse of G times `alpha`.",
                          first > 0 ? " but the intercept" : "");
        put_statistic(m, first);
    } else {
        mtp_solution_given(s, test->is_f ? "F_s" : "Q_s", test->statistic);
    }
    (void)mtp_solution_line(
        s, "p_s", test->is_f ? "upper_F(F_s, df_s, df_a)" : "upper_chi2(Q_s, df_s)",
        test->p);
}
