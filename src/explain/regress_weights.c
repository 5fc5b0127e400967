/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A regression with weights a of its own: b = (X'AX)^-1 X'Ay, and the covariance
 * (X'AX)^-1 X'A (V + tau2) A X (X'AX)^-1. */
#include "explain/regress.h"

#include <math.h>

enum { COLUMNS = 80 };

/* The sums between both inverses: S_j_l, the lower triangle. */
static void middle(mtp_explain_regression *m)
{
    mtp_solution_column column[COLUMNS];
    mtp_solution *s = m->s;
    size_t n = mtp_regress_columns(m, column);

    column[n++] = (mtp_solution_column){.name = "a_i", .values = m->weight};
    for (size_t j = 1; j <= m->p; j++) {
        for (size_t l = 1; l <= j; l++) {
            n = mtp_regress_total(m, column, n,
                                  "a_i^2 * (v_i + tau2) * x_%zu_i * x_%zu_i", j, l);
        }
    }
    if (s->failed) {
        return;
    }
    mtp_solution_table(s, n, column);
    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            mtp_regress_sum(m, mtp_regress_text(s, "S_#_@", j, l),
                            "a_i^2 * (v_i + tau2) * x_%zu_i * x_%zu_i", j + 1, l + 1);
        }
    }
}

/* Row j of the left by column l of the right; of symmetric matrices the lower triangle
 * has names. */
static void product(mtp_explain_regression *m, const char *name, const char *left,
                    const char *right, size_t j, size_t l, double figure)
{
    mtp_solution *s = m->s;
    const char *text = NULL;
    bool symmetric = left[0] == 'V'; /* else all elements have names */

    for (size_t i = 0; i < m->p; i++) {
        const char *a = symmetric && i > j ? mtp_regress_text(s, left, i, j)
                                           : mtp_regress_text(s, left, j, i);
        const char *b =
            i > l ? mtp_regress_text(s, right, i, l) : mtp_regress_text(s, right, l, i);

        text = i == 0 ? mtp_regress_format(s, "%s * %s", a ? a : "", b ? b : "")
                      : mtp_regress_format(s, "%s + %s * %s", text, a ? a : "",
                                           b ? b : "");
        if (!text || s->failed) {
            s->failed = true;
            return;
        }
    }
    (void)mtp_solution_line(s, mtp_regress_text(s, name, j, l), text, figure);
}

void mtp_regress_weights(mtp_explain_regression *m)
{
    mtp_explain_solved figures, by_weights;

    mtp_explain_section(m->work, "Regression with the given weights");
    mtp_solution_text(m->s,
                      "The coefficients that are reported are those at the weights "
                      "`a_i`. V is the inverse of A as before; the variances "
                      "`v_i + tau2` stand in S, and the covariance R of the "
                      "coefficients is V S V, by way of N = V S.");
    if (!mtp_regress_solved_by(m, m->weight, &figures) ||
        !mtp_regress_solved_with(m, m->weight, m->fit->heterogeneity.tau2,
                                 &by_weights)) {
        return;
    }
    mtp_regress_equations(m, NULL, "a_i", &figures);
    middle(m);
    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l < m->p; l++) {
            product(m, "N_#_@", "V_#_@", "S_#_@", j, l, (double)NAN);
        }
    }
    for (size_t j = 0; j < m->p; j++) {
        for (size_t l = 0; l <= j; l++) {
            product(m, "R_#_@", "N_#_@", "V_#_@", j, l, by_weights.V[j * m->p + l]);
        }
    }
}
