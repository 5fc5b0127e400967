/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wald's Q of the effects of the studies around random levels. */
#include "explain/mixed_random.h"

#include <math.h>

/* A^-1 B 1, and the mean of the effects, before the table that shows them. The weights
 * of the effects are the sums of the rows of W = D - B' A^-1 B. */
static void know_mean(const mtp_mixed *m, const mtp_random_own *of, bool levels)
{
    mtp_solution *s = m->s;
    double a = mtp_scope_find(&s->scope, "A_aa")->figure.value, b[2] = {0.0, 0.0};
    double top = 0.0, bottom = 0.0, q[2];

    for (size_t i = 0; i < of->n; i++) {
        b[0] += of->B[0][i];
        b[1] += levels ? of->B[1][i] : 0.0;
    }
    q[0] = b[0] / a;
    q[1] = 0.0;
    if (levels) {
        double c = mtp_scope_find(&s->scope, "A_as")->figure.value;
        double d = mtp_scope_find(&s->scope, "A_ss")->figure.value;

        q[0] = (d * b[0] - c * b[1]) / (a * d - c * c);
        q[1] = (a * b[1] - c * b[0]) / (a * d - c * c);
        mtp_solution_know(s, "q_s", q[1]);
    }
    for (size_t i = 0; i < of->n; i++) {
        double w = of->D[i] - q[0] * of->B[0][i] - (levels ? q[1] * of->B[1][i] : 0.0);

        top += w * of->l[i];
        bottom += w;
    }
    mtp_solution_know(s, "q_a", q[0]);
    mtp_solution_know(s, "m", top / bottom);
}

static void effects_table(const mtp_mixed *m, const mtp_random_own *of, bool levels)
{
    mtp_solution_column column[9] = {
        {.name = "l_i", .values = of->l},
        {.name = "D_i", .values = of->D},
        {.name = "B_a_i", .values = of->B[0], .total = true},
        {.name = "B_s_i", .values = of->B[1], .total = true},
    };
    size_t n = levels ? 4 : 3;

    column[n++] = (mtp_solution_column){
        .name = "w_i",
        .formula = levels ? "D_i - q_a * B_a_i - q_s * B_s_i" : "D_i - q_a * B_a_i",
        .total = true};
    column[n++] = (mtp_solution_column){.formula = "w_i * l_i", .total = true};
    column[n++] = (mtp_solution_column){.formula = "D_i * (l_i - m)^2", .total = true};
    column[n++] = (mtp_solution_column){.formula = "B_a_i * (l_i - m)", .total = true};
    if (levels) {
        column[n++] =
            (mtp_solution_column){.formula = "B_s_i * (l_i - m)", .total = true};
    }
    mtp_solution_table(m->s, n, column);
}

void mtp_random_wald(const mtp_mixed *m, const mtp_random_own *of, bool levels)
{
    mtp_solution *s = m->s;

    s->label = of->label;
    s->scope.k = of->n;
    know_mean(m, of, levels);
    effects_table(m, of, levels);
    if (levels) {
        (void)mtp_solution_line(
            s, "q_a", "(A_ss * sum(B_a_i) - A_as * sum(B_s_i)) / det", (double)NAN);
        (void)mtp_solution_line(
            s, "q_s", "(A_aa * sum(B_s_i) - A_as * sum(B_a_i)) / det", (double)NAN);
    } else {
        (void)mtp_solution_line(s, "q_a", "sum(B_a_i) / A_aa", (double)NAN);
    }
    (void)mtp_solution_line(s, "m", "sum(w_i * l_i) / sum(w_i)", (double)NAN);
    (void)mtp_solution_line(s, "T_a", "sum(B_a_i * (l_i - m))", (double)NAN);
    if (levels) {
        (void)mtp_solution_line(s, "T_s", "sum(B_s_i * (l_i - m))", (double)NAN);
    }
    (void)mtp_solution_line(s, "Q",
                            levels ? "sum(D_i * (l_i - m)^2) - (A_ss * T_a^2 - 2 * "
                                     "A_as * T_a * T_s + A_aa * T_s^2) / det"
                                   : "sum(D_i * (l_i - m)^2) - T_a^2 / A_aa",
                            m->h->Q);
    s->label = m->label;
    s->scope.k = m->k;
}
